import type { OperationOutcome } from 'fhir/r4.js';
import { senderIdOf, unitsOf, type Agreement, type Caller, type County } from '#libs/county';
import { localDate } from '#libs/domain';
import {
  acknowledgementText,
  isAcknowledgementMessage,
  MESSAGE_LIMITS,
  readIncoming,
  senderFault,
  writeOutcome,
  type IncomingFault,
  type IncomingHeader,
  type IncomingMessage,
} from '#libs/fhir';
import {
  faultsInMessage,
  readWordInMessage,
  replyFaults,
  saysAWord,
  wordFaults,
  type WordInMessage,
} from '#libs/forms';
import { entryOf, fault, isFault, readStrictJson, type Clock, type Fault, type IdMaker } from '#libs/platform';
import { textOf, type Answer } from '../answered-requests/answer.ts';
import type { HttpIntake } from '../answered-requests/http-intake.ts';
import { withContent } from './message-content.ts';

export interface FhirMessagesParts {
  readonly clock: Clock;
  readonly county: Pick<County, 'agreement' | 'directory' | 'responseAddresses'>;
  readonly ids: IdMaker;
  readonly intake: Pick<HttpIntake, 'take' | 'knows'>;
}

/** `application/fhir+json`, and the kind of record on `inbound`. */
export const FHIR_CONTENT_TYPE = 'application/fhir+json';
const KIND = 'fhir-message';

/**
 * How a message is to be answered: in the answer to the request, or later at an address. That is one that the county allows
 * its sender, to the letter (the first of them where the request names none), and nothing that a message brings.
 */
export interface Answering {
  readonly isDeferred: boolean;
  readonly address?: string;
}

/** Custody is taken (standards 5.2); the answer goes to its address, by the same register. */
const TAKEN_IN: Answer = { status: 202, mediaType: `application/fhir+json; charset=utf-8`, body: '' };

/** Who says it, with what the county has agreed with it. */
type Speaker =
  | { readonly from: 'ward'; readonly id: string; readonly agreement: Agreement }
  | { readonly from: 'party'; readonly id: string };

/** A message that its caller may send: taken, or refused for good by what it says. */
interface Examined {
  /** Of its record on `inbound`. */
  readonly id: string;
  readonly header: IncomingHeader;
  readonly speaker: Speaker;
  readonly result: IncomingMessage | readonly Fault[];
  readonly respondTo?: string;
}

/**
 * `$process-message` (standards 5.2): what is looked at before a message is taken in, in this order, and what is answered.
 *
 *   JSON      one meaning, and no deeper than sane           400, OperationOutcome
 *   message   a Bundle of type message with a header         422, OperationOutcome
 *   sender    the caller, an agreement or a party of today   403, acknowledgement `fatal-error`
 *   content   whatever the notice needs (libs/fhir)          422, acknowledgement `fatal-error`
 *   ids       new, or those of this very message             422, acknowledgement `fatal-error`
 *   stored    on `inbound` and in the register               200, acknowledgement `ok`; else 503, `transient-error`
 *
 * With `async=true` what is registered is answered 202 with nothing, and its acknowledgement goes to the sender's address
 * (`DeferredResponses`): the very one that the message gets when it comes again, this way or that. What is not registered is
 * answered at once.
 *
 * As soon as there is a header the answer is an acknowledgement, for MedCom has every message acknowledged (MC-40); its
 * OperationOutcome says where and which rule. The status says the same to those who read no body. What the content decides
 * is registered, and so answered alike for ever; what the county or the hour decides is not.
 */
export class FhirMessages {
  readonly #parts: FhirMessagesParts;

  constructor(parts: FhirMessagesParts) {
    this.#parts = parts;
  }

  /** The answer to a message, or a fault where there is no header to acknowledge. */
  async take(bytes: Buffer, caller: Caller, answering: Answering = { isDeferred: false }): Promise<Answer | Fault> {
    const json = readStrictJson(bytes, MESSAGE_LIMITS);
    if (isFault(json)) return json;
    const reading = readIncoming(json.value);
    const header = reading.ok ? reading.message.header : reading.header;
    if (header === undefined) return refusalOf(reading.ok ? [] : reading.faults);
    if (isAcknowledgementMessage(header)) return fault('fhir-event-unknown', 'Bundle.entry[0].resource.eventCoding');
    const speaker = this.#speaker(caller);
    if (isFault(speaker)) return this.#acknowledged(header, [speaker]);
    const unlawful = senderFault(header, {
      ...speaker,
      units: speaker.from === 'ward' ? unitsOf(speaker.agreement) : [speaker.id],
    });
    if (unlawful !== undefined) return this.#acknowledged(header, faultsOf([unlawful]));
    const respondTo = answering.isDeferred ? this.#addressOf(speaker, answering.address) : undefined;
    if (isFault(respondTo)) return this.#acknowledged(header, [respondTo]);
    // It hangs on what it says and on its own id, not on the Bundle around it: sent again it has another Bundle (MR7).
    const id = withContent(json.value, (content) =>
      this.#parts.ids.inbound(speaker.id, content, `fhir ${header.messageId}`),
    );
    const settle = (result: IncomingMessage | readonly Fault[]) =>
      this.#settled(bytes, { id, header, speaker, result, ...(respondTo !== undefined && { respondTo }) });
    if (!reading.ok) return settle(faultsOf(reading.faults));
    const { message } = reading;
    const said = saysAWord(message) ? readWordInMessage(message, speaker.id, this.#parts.ids) : undefined;
    if (said !== undefined && !said.ok) return settle(said.faults);
    const notNow = said === undefined ? [] : this.#notNow(said.value, speaker);
    return notNow.length > 0 ? this.#acknowledged(header, notNow) : settle(message);
  }

  /** The address that a deferred answer goes to, or that the county knows no such. */
  #addressOf({ id }: Speaker, named: string | undefined): string | Fault {
    const allowed = this.#parts.county.responseAddresses(id);
    const address = named ?? allowed[0];
    return address !== undefined && allowed.includes(address) ? address : fault('response-not-allowed', 'response-url');
  }

  /** What the county says of today: a party that nobody knows, no ground between these legal forms (rules 12.2, 12.3). */
  #notNow(word: WordInMessage, speaker: Speaker): Fault[] {
    const { clock, county } = this.#parts;
    const today = localDate(clock.now());
    const knows = (id: string) => county.directory.party(id, today) !== undefined;
    const party = speaker.from === 'party' ? county.directory.party(speaker.id, today) : undefined;
    const faults =
      word.from === 'party' && party
        ? replyFaults(word.form, party, knows)
        : wordFaults(word.form, speaker.from === 'ward' ? [speaker.agreement.legalForm] : [], knows);
    return faultsInMessage(faults, word.stated);
  }

  /** By the caller's credentials alone: what a message says of its sender is compared with them, never believed. */
  #speaker(caller: Caller): Speaker | Fault {
    const { clock, county } = this.#parts;
    const { party, roles } = caller;
    const today = localDate(clock.now());
    if (roles.includes('sender')) {
      const id = senderIdOf(caller);
      const agreement = id === undefined ? undefined : county.agreement(id, today);
      return agreement ? { from: 'ward', id: agreement.id, agreement } : fault('unknown-sender');
    }
    return county.directory.party(party, today) ? { from: 'party', id: party } : fault('forbidden');
  }

  async #settled(bytes: Buffer, { id, header, speaker, result, respondTo }: Examined): Promise<Answer | Fault> {
    const { ids, intake } = this.#parts;
    const { bundleId, messageId, link } = header;
    const isTaken = !Array.isArray(result);
    const gap = link !== undefined && !(await intake.knows(speaker.id, nameOf('message', link.previous)));
    const notes = isTaken && gap ? [fault('missing-predecessor', link.place)] : [];
    const answer = await intake.take({
      sender: speaker.id,
      id,
      names: [nameOf('bundle', bundleId), nameOf('message', messageId)],
      ...(isTaken && {
        record: {
          kind: KIND,
          key: this.#spreadKey(result as IncomingMessage, speaker),
          bytes,
          contentType: FHIR_CONTENT_TYPE,
        },
      }),
      answer: (inbound, now) =>
        answerOf(header, ids.other('acknowledgement', inbound), now, isTaken ? notes : (result as Fault[]), isTaken),
      lacksPredecessor: notes.length > 0,
      ...(respondTo !== undefined && { respondTo }),
    });
    if (isFault(answer)) return this.#acknowledged(header, [answer]);
    return respondTo === undefined ? answer : TAKEN_IN;
  }

  #spreadKey({ words }: IncomingMessage, speaker: Speaker): string {
    const { ids } = this.#parts;
    if (words.from === 'party') return ids.spreadKeyOfReference(words.answer.stay);
    // As the messages of the visit, so that what is said of it comes in its order.
    const organisation = speaker.from === 'ward' ? speaker.agreement.organisation : speaker.id;
    return ids.spreadKey(organisation, words.visitId);
  }

  /** An acknowledgement that is not registered: the county, the hour or an outage decides it. */
  #acknowledged(header: IncomingHeader, faults: readonly Fault[]): Answer {
    const { clock, ids } = this.#parts;
    const now = clock.now();
    return answerOf(header, ids.other('acknowledgement', header.messageId, `${now}`), now, faults, false);
  }
}

const nameOf = (what: 'bundle' | 'message', id: string) => `fhir ${what} ${id}`;

const faultsOf = (faults: readonly IncomingFault[]): Fault[] => faults.map(({ rule, place }) => fault(rule, place));

/** What has no header to acknowledge is refused as any request: with its first fault. */
function refusalOf(faults: readonly IncomingFault[]): Fault {
  const [first] = faultsOf(faults);
  return first ?? fault('internal');
}

/** @param isTaken the message is kept, and the faults are things to know */
function answerOf(header: IncomingHeader, id: string, now: number, faults: readonly Fault[], isTaken: boolean): Answer {
  const [first] = faults;
  const status = isTaken || first === undefined ? 200 : entryOf(first).http;
  const code = status === 200 ? 'ok' : status >= 500 ? 'transient-error' : 'fatal-error';
  const outcome = first === undefined ? {} : { outcome: outcomeOf(faults, id, isTaken) };
  const written = acknowledgementText({ of: header, id, at: now, code, ...outcome });
  const body = typeof written === 'string' ? { body: written } : { body: textOf(written), templated: written };
  return { status, mediaType: `${FHIR_CONTENT_TYPE}; charset=utf-8`, ...body };
}

function outcomeOf(faults: readonly Fault[], id: string, isTaken: boolean): OperationOutcome {
  const issues = faults.map((one) => {
    const { code, issue, severity, text, remedy } = entryOf(one);
    const place = one.place === undefined ? {} : { place: one.place };
    return {
      code,
      issueCode: issue,
      severity: isTaken ? ('warning' as const) : severity,
      text: `${text} ${remedy}`,
      ...place,
    };
  });
  return writeOutcome(issues, id);
}
