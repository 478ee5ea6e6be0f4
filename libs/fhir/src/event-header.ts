import type { Extension, MessageHeader, Meta } from 'fhir/r4.js';
import type { LegalForm, NeedScope, StayEvent, Terms } from '#libs/domain';
import { EXTENSION } from './addresses.ts';
import { SYSTEM } from './codes.ts';
import { organizationId, reference } from './entry.ts';
import { timeExtension } from './event-encounter.ts';
import { writeInstant } from './times.ts';
import { missing, required } from './unreadable.ts';

const origin = (event: StayEvent): Extension => ({
  url: EXTENSION.eventOrigin,
  extension: [
    { url: 'inbound', valueString: event.inboundId },
    { url: 'ordinal', valueInteger: event.ordinal },
    { url: 'revision', valueInteger: event.revision },
    { url: 'intake', valueInstant: writeInstant(event.intakeAt) },
    { url: 'sender', valueString: event.sender },
  ],
});

const terms = ({ organisation, careProvider, legalForm, ins, impliedNeed, info, clock }: Terms): Extension => ({
  url: EXTENSION.agreementTerms,
  extension: [
    { url: 'organisation', valueString: organisation },
    { url: 'careProvider', valueString: careProvider },
    { url: 'legalForm', valueCode: legalForm },
    { url: 'ins', valueCode: ins },
    ...impliedNeed.map((scope) => ({ url: 'impliedNeed', valueCode: scope })),
    { url: 'info', valueCode: info },
    { url: 'clock', valueCode: clock },
  ],
});

/** The header of an event: its trigger, whom it comes from, and what was agreed with the sender. */
export function writeEventHeader(event: StayEvent, meta: Meta | undefined): MessageHeader {
  const extension = [origin(event), terms(event.terms)];
  if (event.occurredAt !== undefined) extension.push(timeExtension(EXTENSION.eventOccurred, event.occurredAt));
  return {
    resourceType: 'MessageHeader',
    id: event.eventId,
    ...(meta === undefined ? {} : { meta }),
    extension,
    eventCoding: { system: SYSTEM.trigger, code: event.trigger },
    sender: reference('Organization', organizationId(event.terms.organisation)),
    source: { endpoint: `urn:bryggan:sender:${event.sender}` },
    focus: [reference('Encounter', event.stayId)],
  };
}

/** The parts of a complex extension by name; `impliedNeed` may repeat, the last of any other wins. */
interface Parts {
  readonly one: ReadonlyMap<string, Extension>;
  readonly needs: readonly NeedScope[];
}

function partsOf(extension: Extension | undefined, place: string): Parts {
  const one = new Map<string, Extension>();
  const needs: NeedScope[] = [];
  for (const part of extension?.extension ?? missing(place)) {
    if (part.url === 'impliedNeed') needs.push(oneOf(['SOC', 'KHSL', 'ROV'], part.valueCode, place));
    else one.set(part.url, part);
  }
  return { one, needs };
}

function oneOf<T extends string>(allowed: readonly T[], code: string | undefined, place: string): T {
  return allowed.find((known) => known === code) ?? missing(place);
}

const LEGAL_FORMS: readonly LegalForm[] = ['region-authority', 'municipal-authority', 'private'];

/** What was agreed with the sender, as the translator baked it in. */
export function readTerms(header: MessageHeader): Terms {
  const place = 'MessageHeader.agreement-terms';
  const { one, needs } = partsOf(
    header.extension?.find(({ url }) => url === EXTENSION.agreementTerms),
    place,
  );
  return {
    organisation: required(one.get('organisation')?.valueString, place),
    careProvider: required(one.get('careProvider')?.valueString, place),
    legalForm: oneOf(LEGAL_FORMS, one.get('legalForm')?.valueCode, place),
    ins: oneOf(['auto', 'ordered'], one.get('ins')?.valueCode, place),
    impliedNeed: needs,
    info: oneOf(['here', 'elsewhere'], one.get('info')?.valueCode, place),
    clock: oneOf(['trusted', 'intake'], one.get('clock')?.valueCode, place),
  };
}

/** Where an event comes from, as text; the reader of the event turns the intake into an instant. */
export interface Origin {
  readonly inboundId: string;
  readonly ordinal: number;
  readonly revision: number;
  readonly intake: string;
  readonly sender: string;
}

/** The inverse of what {@link writeEventHeader} says of the origin. */
export function readOrigin(header: MessageHeader): Origin {
  const place = 'MessageHeader.event-origin';
  const { one } = partsOf(
    header.extension?.find(({ url }) => url === EXTENSION.eventOrigin),
    place,
  );
  return {
    inboundId: required(one.get('inbound')?.valueString, place),
    ordinal: required(one.get('ordinal')?.valueInteger, place),
    revision: required(one.get('revision')?.valueInteger, place),
    intake: required(one.get('intake')?.valueInstant, place),
    sender: required(one.get('sender')?.valueString, place),
  };
}
