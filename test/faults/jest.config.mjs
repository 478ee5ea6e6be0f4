// `npm run test:faults`: the long tests, apart from `npm test`. One at a time: each hurts a Kafka and a PostgreSQL of its own.
import base from '../../jest.config.mjs';

const system = base.projects.find(({ displayName }) => displayName === 'system');

export default {
  testTimeout: 1_800_000,
  maxWorkers: 1,
  verbose: true,
  projects: [
    {
      ...system,
      displayName: 'faults',
      testMatch: ['<rootDir>/test/faults/**/*.test.ts'],
      testPathIgnorePatterns: [],
    },
  ],
};
