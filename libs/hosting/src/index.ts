export { buildAppParts, connectKafkaOf, prepareTopics, type AppParts } from './app-parts.ts';
export { countBatches, measureBacklog } from './backlog.ts';
export { BatchPattern, type PublishContext, type TopicPattern, type TransactionContext } from './batch-pattern.ts';
export { DIRECTORY_SCHEMA, DirectoryStore, type StoredVersion } from './directory-store.ts';
export { openDirectory, type FollowedDirectory } from './follow-directory.ts';
export { countyRefused, followCounty, type AdmitParties } from './follow-county.ts';
export { putPoison } from './batch-pattern.ts';
export { Rounds } from './rounds.ts';
export { connectStages, explained, logChanges, runAlone, untilReady, watchKafka, type AloneApp } from './service.ts';
export { StageTransport, together, type Reading, type Stage } from './stage.ts';
export { StageLife, StartRefused } from './stage.ts';
export { StatelessStage, StatelessTransport, type Consuming, type StatelessParts } from './stateless-stage.ts';
export {
  TransactionalStage,
  type Beside,
  type OpenParts,
  type StatefulConsumer,
  type TransactionalParts,
} from './transactional-stage.ts';
