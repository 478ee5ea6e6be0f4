import type { Bundle, MessageHeader, OperationOutcome, Provenance } from 'fhir/r4.js';
import type { Instant } from '#libs/domain';
import { IDENTIFIER_SYSTEM, SYSTEM } from '../addresses.ts';
import { entryOf, reference } from '../resource.ts';
import { writeInstant } from '../times-and-texts.ts';
import type { IncomingHeader } from './message.ts';

/** What is answered to a message that had a header (MC-41). */
export interface Acknowledgement {
  readonly of: Pick<IncomingHeader, 'messageId' | 'endpoint' | 'link'>;
  /** A UUID: the id of the answering Bundle, and of all in it. */
  readonly id: string;
  readonly at: Instant;
  /** `fatal-error`: do not send it again unchanged. `transient-error`: send it again as it is (MC-42). */
  readonly code: 'ok' | 'fatal-error' | 'transient-error';
  /** What was wrong, or is to be known; must be there unless the code is `ok`. */
  readonly outcome?: OperationOutcome;
}

const HUB = { endpoint: 'urn:bryggan:hub', name: 'Bryggan' };

/**
 * The technical acknowledgement of a message (standards 1.4): it says that the message is kept, or why it is not, and never
 * that a person has seen it (MC-46). It is never acknowledged itself.
 */
export function writeAcknowledgement({ of, id, at, code, outcome }: Acknowledgement): Bundle {
  const details = outcome === undefined ? undefined : { ...outcome, id: outcome.id ?? id };
  const header: MessageHeader = {
    resourceType: 'MessageHeader',
    id,
    eventCoding: { system: SYSTEM.notice, code: 'ACK' },
    destination: [{ endpoint: of.endpoint }],
    source: HUB,
    response: {
      identifier: of.messageId,
      code,
      ...(details === undefined ? {} : { details: reference('OperationOutcome', details.id) }),
    },
  };
  return {
    resourceType: 'Bundle',
    id,
    type: 'message',
    timestamp: writeInstant(at),
    entry: [header, ...(details ? [details] : []), provenance(of.messageId, id, at)].map(entryOf),
  };
}

/** A text by what it shares with many others: in the template, a number is the place of that one of its own texts. */
export interface TemplatedText {
  readonly template: readonly (string | number)[];
  readonly own: readonly string[];
}

/**
 * The JSON of `writeAcknowledgement`. One that has nothing to tell, as nearly every one, differs from the next by four texts alone:
 * it comes as these, with one that was written once for all.
 */
export function acknowledgementText(acknowledgement: Acknowledgement): string | TemplatedText {
  if (acknowledgement.code !== 'ok' || acknowledgement.outcome !== undefined) {
    return JSON.stringify(writeAcknowledgement(acknowledgement));
  }
  const { of, id, at } = acknowledgement;
  return { template: PLAIN, own: [id, writeInstant(at), inJson(of.endpoint), inJson(of.messageId)] };
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1);

/** In the order of the own texts. */
const NAMES = ['id', 'at', 'endpoint', 'messageId'];

/** An acknowledgement with nothing to tell, cut where a text of its own stands. */
const PLAIN: TemplatedText['template'] = (() => {
  const of = { endpoint: '<endpoint>', messageId: '<messageId>' };
  const text = JSON.stringify(writeAcknowledgement({ of, id: '<id>', at: 0, code: 'ok' }));
  const pieces = text.replaceAll(writeInstant(0), '<at>').split(/<(\w+)>/);
  return pieces.map((piece, at) => (at % 2 === 0 ? piece : NAMES.indexOf(piece)));
})();

/** The chain of the acknowledgement: it comes of the message that it answers (MC-44). */
function provenance(messageId: string, id: string, at: Instant): Provenance {
  return {
    resourceType: 'Provenance',
    id,
    target: [reference('MessageHeader', id)],
    recorded: writeInstant(at),
    activity: { coding: [{ system: SYSTEM.dataOperation, code: 'CREATE' }] },
    agent: [
      {
        who: { type: 'Device', display: HUB.name, identifier: { system: IDENTIFIER_SYSTEM.act, value: HUB.endpoint } },
      },
    ],
    entity: [{ role: 'revision', what: reference('MessageHeader', messageId) }],
  };
}
