/** Scalars only, so that nothing large or structured slips in. */
export type LogFields = Record<string, string | number | boolean>;

/** Where this lib reports. Fields never hold content: no keys of persons, no values, no headers but ids. */
export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

const nothing = (): void => undefined;

/** For tests and tools that want no log. */
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
