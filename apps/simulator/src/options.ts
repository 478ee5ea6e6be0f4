import { parseArgs } from 'node:util';

/** What `npm run simulate` was asked for. */
export interface SimulateOptions {
  readonly stays: number;
  readonly seed: string;
  /** First moment of the county, epoch ms. */
  readonly start: number;
  /** A file that the report code by code is written to, as JSON. */
  readonly report?: string;
  /** A hub with a driven clock that runs already; absent: one is started. */
  readonly hub?: {
    readonly http: string;
    readonly mllp: { readonly host: string; readonly port: number };
    /** Absent: the callers.json of this working copy's own hub. */
    readonly callers?: string;
  };
}

/** Wrong arguments: the message says which, and how it is meant. */
export class UsageProblem extends Error {}

export const USAGE = `npm run simulate -- [--stays N] [--seed S] [--start INSTANT] [--report FILE]
                    [--url http://HOST:PORT --mllp HOST:PORT [--callers FILE]]
340 stays play the whole catalogue. Without --url a hub of its own is started, with a driven clock, on free ports and a temporary state.`;

/** Before a change to summer time, so that the stays run over it. */
const START = '2026-03-25T04:00:00Z';

/** The options on a command line. @throws UsageProblem */
export function readOptions(args: readonly string[]): SimulateOptions {
  const { stays, seed, start, report, url, mllp, callers } = parsed(args);
  const count = Number(stays);
  if (!Number.isInteger(count) || count < 1) throw new UsageProblem(`--stays ${stays} is no number of stays`);
  if (!/^[A-Za-z0-9]{1,12}$/.test(seed)) throw new UsageProblem('--seed is 1 to 12 letters and digits');
  const instant = Date.parse(start);
  if (Number.isNaN(instant)) throw new UsageProblem(`--start ${start} is no instant such as ${START}`);
  const options = { stays: count, seed, start: instant, ...(report !== undefined && { report }) };
  if (url === undefined && mllp === undefined) return options;
  const address = /^(?<host>[^:\s]+):(?<port>\d+)$/.exec(mllp ?? '')?.groups;
  if (url === undefined || address === undefined) throw new UsageProblem('--url and --mllp HOST:PORT belong together');
  const door = { host: address['host'] ?? '', port: Number(address['port']) };
  return { ...options, hub: { http: url, mllp: door, ...(callers !== undefined && { callers }) } };
}

function parsed(args: readonly string[]) {
  try {
    const option = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...args],
      options: {
        stays: { ...option, default: '340' },
        seed: { ...option, default: '1' },
        start: { ...option, default: START },
        report: option,
        url: option,
        mllp: option,
        callers: option,
      },
    });
    return values;
  } catch (error) {
    throw new UsageProblem(error instanceof Error ? error.message : 'unreadable arguments');
  }
}
