import type { KafkaPort, TopicNames } from '#libs/messaging';
import type { Clock, Configuration, County, IdMaker, Log, Metrics } from '#libs/platform';

/** What the router is given, by its main or by the hub. The topics of all parties of the county are there already. */
export interface RouterParts {
  readonly configuration: Pick<Configuration, 'database' | 'kafka' | 'replica' | 'rules'>;
  readonly clock: Clock;
  readonly county: County;
  readonly ids: IdMaker;
  /** Shared; who made it closes it. */
  readonly kafka: KafkaPort;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly topics: TopicNames;
  /** The stored position cannot be right: the process has to stop and a person to look (architecture 2.6). */
  readonly fatal: (error: Error) => void;
}
