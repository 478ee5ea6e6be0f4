/** What the hub is told about its parts. */
export interface HubParts {
  brokers: string[];
  databaseUrl: string;
  stateDir: string;
}

/** A hub that runs. */
export interface RunningHub {
  stop(): Promise<void>;
  addresses: { http: string; mllp: string };
}

/** Starts the hub on its parts; rejects, with nothing of it left running, when it cannot. */
export type StartHub = (parts: HubParts) => Promise<RunningHub>;
