import type { KafkaPort } from '#libs/messaging';
import type { Clock, Configuration, County, IdMaker, Log, Metrics } from '#libs/platform';

/** What the portal needs of its process; the hub gives the same to every app. */
export interface PortalParts {
  readonly configuration: Pick<Configuration, 'database' | 'kafka' | 'replica'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly ids: IdMaker;
  readonly county: County;
  readonly kafka: KafkaPort;
  readonly metrics: Metrics;
  /** A stored position that cannot be right (architecture 2.6): nothing in this process can mend it. */
  readonly fatal?: (stage: string, error: Error) => void;
}
