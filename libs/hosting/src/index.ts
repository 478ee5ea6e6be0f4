export { buildAppParts, prepareTopics, type AppParts } from './app-parts.ts';
export { countBatches, measureBacklog } from './backlog.ts';
export { BatchPattern, type PublishContext, type TopicPattern, type TransactionContext } from './batch-pattern.ts';
export { putPoison } from './poison.ts';
export { connectStages, explained, logChanges, runAlone, untilReady, watchKafka, type AloneApp } from './service.ts';
export { StageTransport, type Reading, type Stage } from './stage.ts';
export { StageLife, StartRefused } from './stage-life.ts';
export { StatelessStage, type StatelessParts } from './stateless-stage.ts';
export { TransactionalStage, type Beside, type OpenParts, type TransactionalParts } from './transactional-stage.ts';
