import type { Instant } from '#libs/domain';
import { fault, type DrivenClock, type Fault } from '#libs/platform';

/**
 * Moves the driven clock (contract 3, `POST /operations/clock`):
 *
 *   held      the ingress reads no more; connections stay open
 *   settled   everything acknowledged has been applied
 *   stepping  the clock goes to each due instant in order, a beat names the one before it, and the watcher judges there.
 *             What it says is read by parties and views alone and changes no later judgement, so nobody waits for it here.
 *             Where another directory comes into force the stays that it changes are told so first, and that is waited for
 *   arrived   the clock stands at `to`, and a beat names the instant before it; what is due there is judged, and all is settled
 *   reading   the ingress reads on
 *
 * With `settle: false` the clock is only set: judging follows when the watermark allows.
 */
export interface ClockMachinery {
  readonly clock: DrivenClock;
  readonly hold: () => Promise<void>;
  readonly release: () => void;
  /** Writes a beat with the clock's time; answers whether it was stored. */
  readonly beat: (steppedFrom?: Instant) => Promise<boolean>;
  readonly settle: () => Promise<Fault | undefined>;
  /** Lets another directory that is in force now reach the open stays; answers of how many others are told. */
  readonly reroute: () => Promise<number>;
  /** The next instant in (clock, upTo] at which something is due. */
  readonly nextDue: (upTo: Instant) => Promise<Instant | undefined>;
  /** Judges what is due at an instant. */
  readonly judgeAt: (instant: Instant) => Promise<void>;
}

/** Moves the clock to `to`. @returns what stopped it, else nothing; the clock then stands where it was stopped. */
export async function moveClock(machinery: ClockMachinery, to: Instant, settled: boolean): Promise<Fault | undefined> {
  if (to < machinery.clock.now()) return fault('clock-backwards', 'to');
  return settled ? stepTo(machinery, to) : setTo(machinery, to);
}

async function stepTo(machinery: ClockMachinery, to: Instant): Promise<Fault | undefined> {
  const { clock } = machinery;
  await machinery.hold();
  try {
    const unsettled = await machinery.settle();
    if (unsettled) return unsettled;
    const bridge = new Bridge(machinery);
    await bridge.begin();
    const stopped = await stepThroughDueInstants(machinery, bridge, to);
    const refused = stopped ?? clock.set(to);
    const rerouted = refused ? 0 : await machinery.reroute();
    const isBridged = await bridge.beat();
    if (refused) return refused;
    // Who is told now is told before it is judged; and a step that no beat spans is an outage, which the watcher has to know.
    const late = rerouted > 0 || !isBridged ? await machinery.settle() : undefined;
    if (late) return late;
    await machinery.judgeAt(to);
    return await machinery.settle();
  } finally {
    machinery.release();
  }
}

/**
 * The beats on both sides of a step, each naming the one before it: where neither is missing the step is no outage (architecture
 * 7). Each comes before what is judged there, as under the machine's clock: a hub that is killed in the middle of a step would
 * else find no beat since the step began, and take for an outage what it has judged already.
 */
class Bridge {
  readonly #machinery: ClockMachinery;
  #from: Instant | undefined;
  #isWhole = true;

  constructor(machinery: ClockMachinery) {
    this.#machinery = machinery;
  }

  async begin(): Promise<void> {
    this.#from = (await this.#machinery.beat()) ? this.#machinery.clock.now() : undefined;
  }

  /** Answers whether beats span the way here from the beginning. */
  async beat(): Promise<boolean> {
    const now = this.#machinery.clock.now();
    const isStored = await this.#machinery.beat(this.#from);
    this.#isWhole &&= isStored && this.#from !== undefined;
    this.#from = isStored ? now : undefined;
    return this.#isWhole;
  }
}

async function stepThroughDueInstants(
  machinery: ClockMachinery,
  bridge: Bridge,
  to: Instant,
): Promise<Fault | undefined> {
  const { clock } = machinery;
  for (;;) {
    const due = await machinery.nextDue(to);
    if (due === undefined) return undefined;
    if (due > clock.now()) {
      const refused = clock.set(due);
      if (refused) return refused;
      await bridge.beat();
    }
    if ((await machinery.reroute()) > 0) {
      const late = await machinery.settle();
      if (late) return late;
    }
    await machinery.judgeAt(clock.now());
  }
}

/** Kafka may be away: then neither beat is stored, and the step is an outage like any other silence. */
async function setTo(machinery: ClockMachinery, to: Instant): Promise<Fault | undefined> {
  const { clock } = machinery;
  const from = clock.now();
  const bridged = await machinery.beat();
  const refused = clock.set(to);
  await machinery.beat(bridged ? from : undefined);
  return refused;
}
