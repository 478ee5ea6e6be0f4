import kafkajs from 'kafkajs';
import type { logCreator } from 'kafkajs';
import type { Log, LogFields } from './log.ts';

// Node finds only some of kafkajs's names by itself.
const { logLevel } = kafkajs;

// Only these: anything else kafkajs attaches might hold a record (a payload, a stack with one).
const kept = ['groupId', 'topic', 'partition', 'broker', 'clientId', 'retryCount', 'retryTime', 'error'] as const;

/** How long the same text of kafkajs is told but once, ms: while a leader is chosen it says so for every request. */
const SAME_MS = 60_000;
const MOST_TEXTS = 100;

/**
 * Routes kafkajs's log to ours. Its "error" is mostly a retry under way, so it arrives as a warning: what is lost for good is an error of ours.
 * What it says again within a minute is counted, and the next line with the same text tells how often (`unsaid`).
 * In: the log; the machine's clock, ms. Out: what kafkajs wants as logCreator.
 */
export function kafkaLog(log: Log, now: () => number = Date.now): logCreator {
  const told = new Map<string, { since: number; unsaid: number }>();
  return () => (entry) => {
    const fields: LogFields = { part: entry.namespace, text: entry.log.message };
    const given: Record<string, unknown> = entry.log;
    for (const name of kept) {
      const value = given[name];
      if (typeof value === 'string' || typeof value === 'number') fields[name] = value;
    }
    if (entry.level > logLevel.WARN || entry.level === logLevel.NOTHING) {
      log.debug('kafka.client', fields);
      return;
    }
    const text = `${entry.namespace} ${entry.log.message} ${String(fields['error'])}`;
    const before = told.get(text);
    if (before !== undefined && now() - before.since < SAME_MS) {
      before.unsaid += 1;
      return;
    }
    if (told.size >= MOST_TEXTS) told.clear();
    told.set(text, { since: now(), unsaid: 0 });
    log.warn('kafka.client', before === undefined ? fields : { ...fields, unsaid: before.unsaid });
  };
}

let silenced = false;

/** Drops Node's TimeoutNegativeWarning, which kafkajs 2.2.4 causes at every start and which means nothing; every other warning stays. */
export function silenceTimeoutNegativeWarning(): void {
  if (silenced) return;
  silenced = true;
  const emit = process.emitWarning.bind(process);
  process.emitWarning = (warning: string | Error, ...rest: unknown[]): void => {
    const first = rest[0];
    const kind = typeof first === 'string' ? first : warning instanceof Error ? warning.name : undefined;
    if (kind !== 'TimeoutNegativeWarning') Reflect.apply(emit, process, [warning, ...rest]);
  };
}
