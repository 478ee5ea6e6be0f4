export { silentLog, type Log, type LogFields } from './log.ts';
export { MessagingError, type MessagingErrorCode } from './messaging-error.ts';
export { connectKafka, type KafkaOptions, type KafkaPort } from './kafka.ts';
export {
  isTopicPart,
  topicDefinitions,
  topicNames,
  type TopicDefinition,
  type TopicNames,
  type TopicOptions,
} from './topics.ts';
export { assertDurable, ensureTopics } from './topic-administration.ts';
export {
  decodeRecord,
  encodeRecord,
  isGarbled,
  type EncodedRecord,
  type GarbledRecord,
  type InboundHeaders,
  type InRecord,
  type LaneMark,
  type OutRecord,
  type RawMessage,
} from './record.ts';
export type { SendableRecord } from './partition-book.ts';
export { GroupCommitProducer, type GroupCommitOptions } from './group-commit.ts';
export type { RecordAck } from './produce-request.ts';
export type { ConsumerTiming } from './consumer-session.ts';
export { startBatchConsumer, type BatchConsumer, type BatchConsumerOptions } from './batch-consumer.ts';
export type { Applied, BatchContext } from './batch-transaction.ts';
export { startStatelessConsumer, type StatelessConsumer, type StatelessConsumerOptions } from './stateless-consumer.ts';
export { lockLane, Outbox, raiseSequence } from './outbox.ts';
export { startRelay, type Relay, type RelayOptions } from './relay.ts';
export type { StuckRow } from './relay-pass.ts';
export { recordAt, scanPartition, type PartitionScan } from './partition-scan.ts';
export { OffsetReader, reached, type Ends, type PartitionEnd, type Positions } from './offsets.ts';
export { storedPositions } from './position.ts';
export { BackOff, pause, within } from './waiting.ts';
