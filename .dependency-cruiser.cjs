const { readdirSync } = require('node:fs');

/**
 * The folders of the largest houses, from the ground up: each imports only what stands before it. Files beside them (a stage, its
 * schema) stand outside of the order, and the rule against circles holds for them. Tests may look anywhere.
 */
const FOLDERS_FROM_THE_GROUND = {
  'libs/domain/src': words(
    'time codes parties events rules person stay disclosure routing notices answers acts patterns deviations',
    'deviation-cases feed',
  ),
  'apps/router/src': words('migrations telling said-stays deciding rounds answers trace operations directory route'),
  'apps/watcher/src': words('migrations watermark senders deviations life judging applying timekeeping feed'),
};

/** @param {string[]} lines */
function words(...lines) {
  return lines.flatMap((line) => line.split(' '));
}

/** Folders of tests and their fixtures alone. */
const OF_TESTS = ['cases', 'properties'];

for (const [root, folders] of Object.entries(FOLDERS_FROM_THE_GROUND)) {
  const unlisted = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && ![...folders, ...OF_TESTS].includes(entry.name))
    .map(({ name }) => name);
  if (unlisted.length > 0) throw new Error(`${root}: where do ${unlisted.join(', ')} stand in the order of folders?`);
}

const oneOrder = Object.entries(FOLDERS_FROM_THE_GROUND).flatMap(([root, folders]) =>
  folders.slice(0, -1).map((folder, at) => ({
    name: `${root}: ${folder} stands below`,
    severity: 'error',
    from: { path: `^${root}/${folder}/`, pathNot: '\\.(test|fixture)\\.ts$' },
    to: { path: `^${root}/(${folders.slice(at + 1).join('|')})/` },
  })),
);

/** Arrows run one way: apps -> libs/{hosting,stays} -> libs/service -> libs/{hl7v2,fhir,http,messaging,county,persistence,platform} -> libs/domain (architecture 1). */
module.exports = {
  forbidden: [
    ...oneOrder,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    // `fhir/r4` is types alone (@types/fhir): there is nothing to resolve at run time.
    { name: 'could-not-resolve', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^fhir/r4' } },
    {
      name: 'no-app-imports-an-app-but-hub',
      severity: 'error',
      from: { path: '^apps/([^/]+)/', pathNot: '^apps/hub/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      // What starts apps stands above them: an app that started itself could run in no other place.
      name: 'no-app-imports-deploy-or-test',
      severity: 'error',
      from: { path: '^apps/', pathNot: '\\.test\\.tsx?$|/test(ing)?/' },
      to: { path: '^(deploy|test)/' },
    },
    {
      // Its truth is what it did itself: rules of ours would find themselves right.
      name: 'simulator-knows-no-rules',
      severity: 'error',
      from: { path: '^apps/simulator/' },
      to: { path: '^libs/domain/' },
    },
    {
      name: 'no-lib-imports-an-app',
      severity: 'error',
      from: { path: '^libs/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^(apps|deploy|test)/' },
    },
    {
      name: 'domain-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(apps|libs/(?!domain/)|deploy|test)' },
    },
    {
      name: 'domain-does-no-io',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: '\\.(test|fixture)\\.ts$' },
      to: { path: '^node_modules/', pathNot: '^node_modules/(temporal-polyfill|temporal-utils|temporal-spec)/' },
    },
    {
      name: 'domain-uses-no-node-module',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-lib-imports-hosting-or-stays',
      severity: 'error',
      from: { path: '^libs/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^libs/(hosting|stays)/', pathNot: '^libs/$1/' },
    },
    {
      name: 'no-lib-but-hosting-imports-service',
      severity: 'error',
      from: { path: '^libs/(?!(hosting|service)/)', pathNot: '\\.test\\.ts$' },
      to: { path: '^libs/service/' },
    },
    {
      // What everything stands on: it knows no county, no message and no database.
      name: 'platform-stands-on-domain-alone',
      severity: 'error',
      from: { path: '^libs/platform/', pathNot: '\\.test\\.ts$' },
      to: { path: '^libs/(?!(platform|domain)/)' },
    },
    {
      name: 'county-stands-on-platform-and-domain',
      severity: 'error',
      from: { path: '^libs/county/', pathNot: '\\.test\\.ts$' },
      to: { path: '^libs/(?!(county|platform|domain)/)' },
    },
    {
      name: 'stays-know-no-message-and-no-county',
      severity: 'error',
      from: { path: '^libs/stays/', pathNot: '\\.test\\.ts$' },
      to: { path: '^libs/(?!(stays|persistence|domain)/)' },
    },
    {
      // What a service is built of, whoever hosts it: a thread without a framework has it too.
      name: 'service-knows-no-framework-and-no-content',
      severity: 'error',
      from: { path: '^libs/service/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(node_modules/@nestjs/|libs/(?!(service|messaging|county|persistence|platform)/))' },
    },
    {
      // It carries any service: what the records say is the apps' business.
      name: 'hosting-knows-no-content',
      severity: 'error',
      from: { path: '^libs/hosting/', pathNot: '\\.test\\.ts$' },
      to: { path: '^libs/(?!(hosting|service|http|messaging|county|persistence|platform)/)' },
    },
    {
      // Kafka and the outbox stand alone: a log is handed in, and whoever hosts them may be any framework.
      name: 'messaging-knows-neither-nest-nor-platform',
      severity: 'error',
      from: { path: '^libs/messaging/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(node_modules/@nestjs/|libs/(?!(messaging|persistence)/))' },
    },
    {
      name: 'only-messaging-speaks-to-kafka',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: '^libs/messaging/|^apps/simulator/|\\.test\\.ts$|/test(ing)?/' },
      to: { path: '^node_modules/kafkajs/' },
    },
    {
      // Each thread has its own copy of all that it loads: these two serve no HTTP and make no schema.
      name: 'threads-without-a-framework',
      severity: 'error',
      from: { path: '^apps/hub/src/(ingress|reading)-worker\\.ts$' },
      to: { path: '^libs/(hosting|http)/', reachable: true },
    },
    {
      name: 'libs-are-entered-by-their-index',
      severity: 'error',
      from: { path: '^(apps/[^/]+|libs/[^/]+)/' },
      to: { path: '^libs/([^/]+)/src/(?!index\\.ts)', pathNot: '^$1/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|node_modules/@types)' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
      extensions: ['.ts', '.mts', '.js', '.mjs', '.json'],
    },
  },
};
