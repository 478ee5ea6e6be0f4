const swc = {
  swcrc: false,
  module: { type: 'es6' },
  sourceMaps: 'inline',
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
};

const ring = (name, testMatch, extra = {}) => ({
  displayName: name,
  rootDir: import.meta.dirname,
  testMatch,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'node-addons'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.bryggan/', '<rootDir>/.parts/'],
  ...extra,
});

// Three rings: `unit` needs nothing, `services` needs PostgreSQL and Kafka, `system` runs the whole hub.
export default {
  testTimeout: 120_000,
  maxWorkers: 2,
  projects: [
    ring('unit', ['<rootDir>/{apps,libs,deploy}/**/*.test.ts'], {
      testPathIgnorePatterns: ['\\.services\\.test\\.ts$'],
    }),
    ring('services', ['<rootDir>/{apps,libs,deploy}/**/*.services.test.ts']),
    ring('system', ['<rootDir>/test/**/*.test.ts'], { testPathIgnorePatterns: ['/test/faults/'] }),
  ],
};
