import { parseArgs } from 'node:util';
import type { Instant } from '#libs/domain';
import { isUuid } from '#libs/platform';

/** Which messages of `inbound` a replay reads anew; what is absent chooses all. */
export interface ReplayChoice {
  /** Id of the sender's agreement. */
  readonly sender?: string;
  /** Taken in at or after `from`, before `to`. */
  readonly from?: Instant;
  readonly to?: Instant;
  /** Of messages on `inbound`, or of their rejections. What is named so is published also when it was read by this translator already. */
  readonly ids: ReadonlySet<string>;
  /** Only messages that could not be read once: a rejection of theirs lies on `rejected`. */
  readonly rejected: boolean;
  /** Messages published in a second, at most. */
  readonly rate: number;
}

/** Wrong arguments: the message says which, and how it is meant. */
export class UsageProblem extends Error {}

export const USAGE = `npm run replay -- [--sender ID] [--from INSTANT] [--to INSTANT] [--id ID]... [--rejected] [--rate N]
Reads inbound from its beginning and publishes the events of this translator. --from and --to are times of intake;
--id names a message by its id on inbound, or by that which GET /operations/rejected shows;
--rejected chooses what could not be read before, as when an agreement has been mended;
--rate is the most messages published in a second (200): what wards send meanwhile waits behind them.`;

/** A replay shares the line with what wards send now: this is well below what the line takes on two cores. */
const RATE = '200';
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** The choice on a command line. @throws UsageProblem */
export function readChoice(args: readonly string[]): ReplayChoice {
  const { sender, from, to, id, rejected, rate } = parsed(args);
  const odd = id.find((one) => !isUuid(one));
  if (odd !== undefined) throw new UsageProblem(`--id ${odd} is no id of a message`);
  if (!/^[1-9]\d{0,5}$/.test(rate)) throw new UsageProblem(`--rate ${rate} is no number of messages`);
  return {
    ids: new Set(id),
    rejected,
    rate: Number(rate),
    ...(sender !== undefined && { sender }),
    ...(from !== undefined && { from: instant('--from', from) }),
    ...(to !== undefined && { to: instant('--to', to) }),
  };
}

/** What tells a message from others. */
export interface ReplayedMessage {
  /** Its own id on `inbound`, and that of its rejection, which is what lists of rejected messages show. */
  readonly ids: readonly string[];
  /** As `inbound` names it. */
  readonly sender: string | undefined;
  /** When the hub took it in. */
  readonly intakeAt: Instant;
}

/** Whether a message is chosen. */
export function isChosen({ ids, sender, intakeAt }: ReplayedMessage, choice: ReplayChoice): boolean {
  return (
    (choice.ids.size === 0 || ids.some((id) => choice.ids.has(id))) &&
    (choice.sender === undefined || choice.sender === sender) &&
    (choice.from === undefined || intakeAt >= choice.from) &&
    (choice.to === undefined || intakeAt < choice.to)
  );
}

function instant(option: string, text: string): Instant {
  const value = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(value)) throw new UsageProblem(`${option} ${text} is no instant such as 2026-05-10T14:30:00+02:00`);
  return value;
}

function parsed(args: readonly string[]) {
  try {
    const option = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...args],
      options: {
        ...{ sender: option, from: option, to: option },
        id: { ...option, multiple: true, default: [] },
        rejected: { type: 'boolean', default: false },
        rate: { ...option, default: RATE },
      },
    });
    return values;
  } catch (error) {
    throw new UsageProblem(error instanceof Error ? error.message : 'unreadable arguments');
  }
}

/** How far a replay has come. */
export interface Progress {
  /** Records of `inbound` that it has to look at. */
  readonly of: number;
  /** Looked at, chosen or not. */
  readonly read: number;
  /** Events put on `events`, of this revision now. */
  readonly published: number;
  /** Events and rejections that lay there already. */
  readonly unchanged: number;
  /** Messages put on `rejected`. */
  readonly rejected: number;
}

export const NOTHING_DONE: Omit<Progress, 'of'> = { read: 0, published: 0, unchanged: 0, rejected: 0 };

/**
 * One line of progress.
 * @param seconds since the replay began to read `inbound`; the time left is reckoned from it
 */
export function progressLine({ of, read, published, unchanged, rejected }: Progress, seconds: number): string {
  const share = of === 0 ? 100 : Math.floor((read / of) * 100);
  const counts = `read ${read} of ${of} (${share} %), published ${published}, unchanged ${unchanged}, rejected ${rejected}`;
  if (read >= of || read === 0 || seconds === 0) return counts;
  return `${counts}, ${lasting(((of - read) / read) * seconds)} left`;
}

function lasting(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
