import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FAULT_KINDS, type FaultKind } from './scenarios/fault-kinds.ts';
import type { Shares } from './county/county.ts';

/** What `npm run simulate` was asked for. */
export interface SimulateOptions {
  readonly stays: number;
  /** Further stays whose municipality and clinic answer through the hub. */
  readonly answering: number;
  readonly seed: string;
  /** What goes wrong, by kind, in which share of the stays; absent: the whole catalogue is dealt out. */
  readonly faults?: Shares;
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

export const USAGE = `npm run simulate -- [--stays N] [--answering N] [--seed S] [--start INSTANT] [--report FILE]
                    [--faults KIND=SHARE,... or a file of them]
                    [--url http://HOST:PORT --mllp HOST:PORT [--callers FILE]]
360 stays play the whole catalogue. --answering: so many more whose parties answer.
--faults: what goes wrong, and in which share of the stays, of ${Object.keys(FAULT_KINDS).join(', ')}; the rest is everyday.
Without --url a hub of its own is started, with a driven clock, on free ports and a temporary state.`;

/** Before a change to summer time, so that the stays run over it. */
const START = '2026-03-25T04:00:00Z';

/** The options on a command line. @throws UsageProblem */
export function readOptions(args: readonly string[]): SimulateOptions {
  const { stays, answering, seed, start, faults, report, url, mllp, callers } = parsed(args);
  const count = Number(stays);
  if (!Number.isInteger(count) || count < 1) throw new UsageProblem(`--stays ${stays} is no number of stays`);
  const more = Number(answering);
  if (!Number.isInteger(more) || more < 0) throw new UsageProblem(`--answering ${answering} is no number of stays`);
  if (!/^[A-Za-z0-9]{1,12}$/.test(seed)) throw new UsageProblem('--seed is 1 to 12 letters and digits');
  const instant = Date.parse(start);
  if (Number.isNaN(instant)) throw new UsageProblem(`--start ${start} is no instant such as ${START}`);
  const options = {
    ...{ stays: count, answering: more, seed, start: instant },
    ...(faults !== undefined && { faults: sharesIn(faults) }),
    ...(report !== undefined && { report }),
  };
  if (url === undefined && mllp === undefined) return options;
  const address = /^(?<host>[^:\s]+):(?<port>\d+)$/.exec(mllp ?? '')?.groups;
  if (url === undefined || address === undefined) throw new UsageProblem('--url and --mllp HOST:PORT belong together');
  const door = { host: address['host'] ?? '', port: Number(address['port']) };
  return { ...options, hub: { http: url, mllp: door, ...(callers !== undefined && { callers }) } };
}

/** `late=0.05,doubled=0.02`, or a file with the same in lines. @throws UsageProblem */
function sharesIn(text: string): Shares {
  const written = text.includes('=') ? text : contentOf(text);
  const shares = new Map<FaultKind, number>();
  for (const part of written.split(/[,\s]+/).filter((one) => one !== '')) {
    const [name, share = ''] = part.split('=');
    const kind = (Object.keys(FAULT_KINDS) as FaultKind[]).find((one) => one === name);
    const number = Number(share);
    if (kind === undefined || share === '' || !(number >= 0 && number <= 1))
      throw new UsageProblem(`--faults ${part} is no kind and share such as late=0.05`);
    shares.set(kind, number);
  }
  if ([...shares.values()].reduce((sum, share) => sum + share, 0) > 1)
    throw new UsageProblem('--faults are more than all stays');
  return shares;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new UsageProblem(`--faults ${file} is neither a file nor late=0.05`);
  }
}

function parsed(args: readonly string[]) {
  try {
    const option = { type: 'string' } as const;
    const { values } = parseArgs({
      args: [...args],
      options: {
        stays: { ...option, default: '360' },
        answering: { ...option, default: '40' },
        faults: option,
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
