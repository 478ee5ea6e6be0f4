// Pages are written in TSX, where `<T>` begins an element; everything else is TypeScript alone.
const swc = (tsx) => ({
  swcrc: false,
  module: { type: 'es6' },
  sourceMaps: 'inline',
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true, tsx },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      react: { runtime: 'automatic', importSource: 'preact' },
    },
    keepClassNames: true,
  },
});

process.env.KAFKAJS_NO_PARTITIONER_WARNING = '1';

const ring = (name, testMatch, extra = {}) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testMatch,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc(false)], '^.+\\.tsx$': ['@swc/jest', swc(true)] },
  moduleNameMapper: { '^fast-check$': '<rootDir>/test/properties/seeded-fast-check.mjs' },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.bryggan/', '<rootDir>/.parts/'],
  ...extra,
});

// One PostgreSQL and one Kafka for all suites of both rings; test/services/services.ts is their door.
const withServices = {
  globalSetup: '<rootDir>/test/services/global-setup.mjs',
  globalTeardown: '<rootDir>/test/services/global-teardown.mjs',
};

/** Of the services ring, but so long that only `npm run test:faults` runs them: the gate has to end in time on two cores. */
export const LONG_SERVICES = [
  'apps/router/src/two-routers.services.test.ts',
  'libs/messaging/src/faults.services.test.ts',
];

// Three rings: `unit` needs nothing, `services` needs PostgreSQL and Kafka, `system` runs the whole hub.
export default {
  testTimeout: 300_000,
  maxWorkers: 2,
  projects: [
    ring('unit', ['<rootDir>/{apps,libs,deploy,test/docs}/**/*.test.ts'], {
      testPathIgnorePatterns: ['\\.services\\.test\\.ts$'],
    }),
    ring('services', ['<rootDir>/{apps,libs,deploy}/**/*.services.test.ts'], {
      testPathIgnorePatterns: LONG_SERVICES,
      ...withServices,
    }),
    ring('system', ['<rootDir>/test/**/*.test.ts'], {
      testPathIgnorePatterns: ['/test/faults/', '/test/docs/'],
      ...withServices,
    }),
  ],
};
