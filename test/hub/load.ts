import { hl7Day, HOUR, MINUTE, onDay, type Instant } from '../../apps/simulator/src/county/county-time.ts';
import type { HospitalId } from '../../apps/simulator/src/county/hospitals.ts';
import { consent, info, need, ready } from '../../apps/simulator/src/messages/ward-message.ts';
import type { Told } from './outcome.ts';
import { lasting, type TestHub } from './test-hub.ts';
import { CLINIC, SOLNA, Ward } from './ward.ts';
import { connectBy, type SenderConnection, type WayIn } from './ways-in.ts';

/** What becomes of a stay of the load when nothing is wrong, in the order in which each party is told. */
export interface Plot {
  readonly name: string;
  readonly admittedBefore: number;
  readonly messages: (ward: Ward, now: Instant) => Buffer[];
  /** One of these. */
  readonly told: readonly Told[];
  /** Flagged while the clock stands. */
  readonly flagged: readonly string[];
}

/** All that a ward writes was sent within the quarter of an hour before: the clock of the hub stands still meanwhile. */
const sentAt = (now: Instant, n: number): Instant => now - (14 - 2 * n) * MINUTE;
const days = (now: Instant, later: number): string => hl7Day(onDay(now, later, 12));

function wholeStay(ward: Ward, now: Instant): Buffer[] {
  const [today, later] = [days(now, 0), days(now, 4)];
  const left = { discharged: sentAt(now, 3) - MINUTE, expected: today };
  return [
    ward.message('A01', now, { sent: sentAt(now, 0), expected: later, facts: [need(['SOC', 'ROV']), consent('Y')] }),
    ward.message('A08', now, { sent: sentAt(now, 1), expected: today }),
    ward.message('A08', now, { sent: sentAt(now, 2), expected: today, facts: [ready('Y')] }),
    ward.message('A03', now, { sent: sentAt(now, 3), ...left, occurred: left.discharged }),
    ward.message('A08', now, { sent: sentAt(now, 4), ...left, facts: [info(['SOC']), info(['ROV'])] }),
  ];
}

function indecision(ward: Ward, now: Instant): Buffer[] {
  const facts = [[need(['SOC']), consent('Y')], [ready('Y')], [ready('N')], [ready('Y')]];
  return facts.map((said, n) => ward.message(n === 0 ? 'A01' : 'A08', now, { sent: sentAt(now, n), facts: said }));
}

function neverWas(ward: Ward, now: Instant): Buffer[] {
  return [
    ward.message('A01', now, { sent: sentAt(now, 0), facts: [need(['ROV'])] }),
    ward.message('A08', now, { sent: sentAt(now, 1), expected: days(now, 3) }),
    ward.message('A11', now, { sent: sentAt(now, 2) }),
  ];
}

const EACH = ['INS', 'BUT', 'UTK', 'UTS', 'INFO'];
export const PLOTS: readonly Plot[] = [
  {
    name: 'whole',
    admittedBefore: 5,
    messages: wholeStay,
    told: [{ [SOLNA]: EACH, [CLINIC]: EACH }],
    flagged: ['BUT-02'],
  },
  {
    name: 'late',
    admittedBefore: 30,
    messages: indecision,
    told: [{ [SOLNA]: ['INS', 'UTK', 'UTK-WITHDRAWN', 'UTK'] }],
    flagged: ['INS-03'],
  },
  {
    name: 'never',
    admittedBefore: 2,
    messages: neverWas,
    // An A11 stands before the A08 that was taken in at the same instant: read in one go, nobody is told of that change.
    told: [{ [CLINIC]: ['INS', 'BUT', 'BUT withdrawn', 'INS-WITHDRAWN'] }, { [CLINIC]: ['INS', 'INS-WITHDRAWN'] }],
    flagged: [],
  },
];

const SENDER: HospitalId = 'KS';

/** A stay of the load, and which of its messages were acknowledged. */
export interface LoadedStay {
  readonly ward: Ward;
  readonly plot: Plot;
  readonly acknowledged: string[];
}

export interface LoadOptions {
  /** Keeps its stays apart from those of other loads of the same hub. */
  readonly name: string;
  readonly connections: number;
  /** By which ways, in turn; without it MLLP alone. */
  readonly ways?: readonly WayIn[];
  readonly tlsPort?: number;
  /** Stays at a time on each connection. */
  readonly staysAtOnce: number;
  /** Between two messages of a stay. */
  readonly paceMillis: number;
}

/**
 * Senders that behave as senders do: several connections, answers awaited in order of each stay alone, and what was not
 * acknowledged is sent again until it is.
 */
export class Load {
  readonly stays: LoadedStay[] = [];
  /** Answers that were no AA, and sendings that were never answered: a storm without them was none. */
  readonly troubles = { refused: 0, unanswered: 0 };
  readonly #hub: TestHub;
  readonly #options: LoadOptions;
  readonly #connections: SenderConnection[];
  #stopping = false;
  #work: Promise<unknown> | undefined;

  constructor(hub: TestHub, options: LoadOptions) {
    this.#hub = hub;
    this.#options = options;
    const { connections, ways = ['mllp'], tlsPort } = options;
    this.#connections = Array.from({ length: connections }, (_, n) =>
      connectBy(ways[n % ways.length] ?? 'mllp', hub, SENDER, tlsPort),
    );
  }

  get acknowledged(): readonly string[] {
    return this.stays.flatMap(({ acknowledged }) => acknowledged);
  }

  start(): void {
    const workers = this.#connections.flatMap((connection) =>
      Array.from({ length: this.#options.staysAtOnce }, () => this.#stayAfterStay(connection)),
    );
    this.#work = Promise.all(workers);
  }

  /** No new stay is begun; resolves when each has been handed over to its end. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#work;
    for (const connection of this.#connections) connection.close();
  }

  async #stayAfterStay(connection: SenderConnection): Promise<void> {
    while (!this.#stopping) await this.#play(connection);
  }

  async #play(connection: SenderConnection): Promise<void> {
    const number = this.stays.length;
    const plot = PLOTS[number % PLOTS.length]!;
    const { now } = this.#hub;
    const ward = new Ward(`${this.#options.name}-${plot.name}-${number}`, {
      sender: SENDER,
      admitted: now - plot.admittedBefore * HOUR,
    });
    const stay: LoadedStay = { ward, plot, acknowledged: [] };
    this.stays.push(stay);
    for (const [n, message] of plot.messages(ward, now).entries()) {
      while (!(await this.#isAcknowledged(connection, message))) await lasting(30);
      stay.acknowledged.push(`${ward.visit}-${n + 1}`);
      await lasting(this.#options.paceMillis);
    }
  }

  async #isAcknowledged(connection: SenderConnection, message: Buffer): Promise<boolean> {
    try {
      const { code } = await connection.send(message);
      if (code !== 'AA') this.troubles.refused += 1;
      return code === 'AA';
    } catch {
      this.troubles.unanswered += 1;
      return false;
    }
  }
}
