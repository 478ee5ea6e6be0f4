import { randomBytes } from 'node:crypto';
import { offsetAt } from '#libs/domain';
import {
  acknowledgement,
  batchOfAnswers,
  formatTimestamp,
  wantedAnswers,
  type AcknowledgementCode,
  type AcknowledgementError,
  type Batch,
  type MessageHeaderFields,
  type Outcome,
} from '#libs/hl7v2';
import { entryOf, type Clock, type Fault } from '#libs/platform';

const OUTCOMES: Readonly<Record<'AA' | 'AE' | 'AR', Outcome>> = { AA: 'accepted', AE: 'error', AR: 'rejected' };
const outcomeOf = (fault: Fault | undefined): Outcome =>
  fault === undefined ? 'accepted' : OUTCOMES[entryOf(fault).ack];

/** Writes the answers of one process: each has a control id of its own. */
export class Answers {
  readonly #clock: Clock;
  readonly #prefix = randomBytes(4).toString('hex');
  #written = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The answer that goes out at once, unframed: accepted without a fault, else as the table of errors says; undefined when the
   * sender wants none (MSH-15, MSH-16). A repeated message gets the answer it got: it hangs on nothing but the message.
   */
  to(header: MessageHeaderFields | undefined, fault?: Fault): Buffer | undefined {
    const code = wantedAnswers(header ?? NO_HEADER, outcomeOf(fault)).now;
    return code && this.#answer(header, code, fault && errorOf(fault, 'E'));
  }

  /** The application answer to a message that is stored: AA, with what is wrong with it, if anything, as a warning. */
  later(header: MessageHeaderFields, fault?: Fault): Buffer {
    return this.#answer(header, 'AA', fault && errorOf(fault, 'W'));
  }

  /** The one answer of the original mode, whatever the sender wants: for a way in on which each request has its answer. */
  original(header: MessageHeaderFields | undefined, fault?: Fault): Buffer {
    const code = fault === undefined ? 'AA' : entryOf(fault).ack;
    return this.#answer(header, code, fault && errorOf(fault, 'E'));
  }

  /** The answers to the messages of a batch as one batch. */
  batch(of: Batch, answers: readonly Buffer[]): Buffer {
    return batchOfAnswers(of, answers, this.#at());
  }

  #answer(
    header: MessageHeaderFields | undefined,
    code: AcknowledgementCode,
    error: AcknowledgementError | undefined,
  ): Buffer {
    return acknowledgement({
      of: header,
      code,
      controlId: `${this.#prefix}${(++this.#written).toString(36).padStart(8, '0')}`,
      at: this.#at(),
      ...(error && { error }),
    });
  }

  #at(): string {
    const now = this.#clock.now();
    return formatTimestamp(now, offsetAt(now));
  }
}

/** What cannot be read is answered in the original mode. */
const NO_HEADER = { acceptAcknowledgement: '', applicationAcknowledgement: '' };

function errorOf(fault: Fault, severity: 'E' | 'W'): AcknowledgementError {
  const { code, hl7, text } = entryOf(fault);
  const location = fault.place === undefined ? undefined : locationOf(fault.place);
  return { hl7Code: hl7, severity, text, bryCode: code, ...(location !== undefined && { location }) };
}

/** `MSH-9.2` as ERR-2 has it: segment, its number, field, repetition, component. */
function locationOf(place: string): string {
  const [segment = '', path] = place.split('-');
  const [field, component] = path?.split('.') ?? [];
  if (field === undefined) return `${segment}^1`;
  return component === undefined ? `${segment}^1^${field}` : `${segment}^1^${field}^1^${component}`;
}
