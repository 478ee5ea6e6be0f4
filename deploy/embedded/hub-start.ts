import type { County } from '#libs/county';
import type { OpenIdSettings } from '#libs/platform';

/** What the hub is told about its parts. */
export interface HubParts {
  brokers: string[];
  /** The hub's login there; none where the environment says it (an operator's own Kafka). */
  kafkaLogin?: { readonly username: string; readonly password: string };
  databaseUrl: string;
  stateDir: string;
  /** Where people sign in, unless the environment says it. */
  openId?: OpenIdSettings;
  /** Lets the parties of a county that has changed into the Kafka of ours. */
  admit?: (county: County) => Promise<void>;
}

/** A hub that runs. */
export interface RunningHub {
  stop(): Promise<void>;
  addresses: { http: string; mllp: string };
}

/** Starts the hub on its parts; rejects, with nothing of it left running, when it cannot. */
export type StartHub = (parts: HubParts) => Promise<RunningHub>;
