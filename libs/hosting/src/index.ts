export { BatchPattern, type PublishContext, type TopicPattern, type TransactionContext } from './batch-pattern.ts';
export { followCounty, type AdmitParties } from './follow-county.ts';
export { putPoison } from './batch-pattern.ts';
export { connectStages, explained, logChanges, runAlone, untilReady, watchKafka, type AloneApp } from './service.ts';
export { StatelessStage, StatelessTransport, type Consuming, type StatelessParts } from './stateless-stage.ts';
export {
  TransactionalStage,
  type OpenParts,
  type StatefulConsumer,
  type TransactionalParts,
} from './transactional-stage.ts';
