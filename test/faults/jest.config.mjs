// `npm run test:faults`: the long tests, apart from `npm test`. One at a time: each hurts a Kafka and a PostgreSQL of its own.
import base, { LONG_SERVICES } from '../../jest.config.mjs';

// Another draw in each run, printed by the tests that draw: what it finds can be had again with the seed that it said.
process.env.BRYGGAN_TEST_SEED ??= String(1 + Math.floor(Math.random() * 1_000_000_000));

const system = base.projects.find(({ displayName }) => displayName === 'system');

export default {
  testTimeout: 1_800_000,
  maxWorkers: 1,
  verbose: true,
  projects: [
    {
      ...system,
      displayName: 'faults',
      testMatch: ['<rootDir>/test/faults/**/*.test.ts', ...LONG_SERVICES.map((path) => `<rootDir>/${path}`)],
      testPathIgnorePatterns: [],
    },
  ],
};
