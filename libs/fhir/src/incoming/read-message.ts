import { SYSTEM } from '../addresses.ts';
import { CODE, Element, ID, Report, type IncomingFault } from './element.ts';
import { INCOMING_KINDS, type IncomingKind } from './kinds.ts';
import { Contents, type IncomingHeader, type IncomingLink, type IncomingMessage, messageIdBehind } from './message.ts';
import { readPartyWords, readPlanningWords } from './read-answer.ts';
import { isMedCom, readMedCom } from './medcom.ts';
import { readWardMessage } from './read-ward-message.ts';

export type IncomingReading =
  | { readonly ok: true; readonly message: IncomingMessage }
  /** What is wrong; the header where it could be read, so that the message can be acknowledged. */
  | { readonly ok: false; readonly faults: readonly IncomingFault[]; readonly header?: IncomingHeader };

/** A message of the profiles nests nine deep, and MedCom's eleven: what is deeper is read by nobody. */
export const MESSAGE_LIMITS = { depth: 32 };

/** A message holds one notice; MedCom's longest chain of Provenance had 24 entries. */
const MOST_ENTRIES = 200;

/**
 * Reads a message Bundle of a sender or a party (schemas/fhir, profiles `bryggan-in-...`). Never throws, whatever the value
 * is. What the message is there for must be right, or it is refused with all that is wrong and where; what no notice needs
 * is left out and told (SAL-2, SAL-3). What it says of other things than it is read for, is not read at all.
 */
export function readIncoming(value: unknown): IncomingReading {
  const report = new Report();
  const bundle = new Element(value, 'Bundle', report, 'refuse');
  if (!bundle.isOf('Bundle') || bundle.tokenOf('type', CODE) !== 'message') return refused('Bundle.type');
  if (bundle.all('entry').length > MOST_ENTRIES) {
    return { ok: false, faults: [{ rule: 'fhir-too-many-entries', place: 'Bundle.entry' }] };
  }
  const contents = new Contents(bundle, report);
  const [head] = contents.resources;
  if (head?.isOf('MessageHeader') !== true) return refused('Bundle.entry[0].resource');
  const header = readHeader(head, contents);
  if (header === undefined) return { ok: false, faults: report.faults };
  const words = header.dialect === 'medcom' ? readMedCom(header, contents) : readWords(header, contents, head);
  if (report.faults.length > 0 || words === undefined) return { ok: false, faults: report.faults, header };
  return { ok: true, message: { header, words, findings: report.findings } };
}

/** Whom a message names as its sender (MessageHeader.source.endpoint), whatever else is wrong with it. */
export function endpointIn(value: unknown): string | undefined {
  const [head] = new Element(value, 'Bundle', new Report(), 'noted').all('entry');
  return head?.child('resource').child('source').tokenOf('endpoint', CODE);
}

const refused = (place: string): IncomingReading => ({ ok: false, faults: [{ rule: 'fhir-not-message', place }] });

function readHeader(head: Element, contents: Contents): IncomingHeader | undefined {
  const bundleId = contents.bundle.child('id').required()?.token(ID);
  const messageId = head.child('id').required()?.token(ID);
  const sentAt = contents.bundle.child('timestamp').required()?.instant();
  const endpoint = head.child('source').child('endpoint').required()?.token(CODE);
  const code = head.child('eventCoding').child('code').required()?.token(CODE);
  const system = head.child('eventCoding').tokenOf('system', CODE);
  if (bundleId === undefined || messageId === undefined || sentAt === undefined) return undefined;
  if (endpoint === undefined || code === undefined) return undefined;
  const dialect = isMedCom(system) ? 'medcom' : 'bryggan';
  const senderUnit = contents.at(head.child('sender'))?.first('identifier').textOf('value', 'noted');
  const link = readLink(messageId, contents);
  if (dialect === 'bryggan' && (system !== SYSTEM.notice || !INCOMING_KINDS.has(code))) {
    contents.report.refuse('fhir-event-unknown', `${head.place}.eventCoding`);
  }
  return {
    ...{ bundleId, messageId, code, sentAt, endpoint, dialect },
    ...(senderUnit !== undefined && { senderUnit }),
    ...(link && { link }),
  };
}

function readLink(messageId: string, contents: Contents): IncomingLink | undefined {
  const entity = contents.provenanceOf(messageId)?.first('entity');
  if (entity?.isThere !== true) return undefined;
  const role = entity.child('role').token(/^(revision|removal)$/);
  const what = entity.child('what');
  const previous = messageIdBehind(what);
  if (previous === undefined) what.wrong('fhir-missing');
  if (role === undefined || previous === undefined) return undefined;
  return { role: role === 'removal' ? 'removal' : 'revision', previous, place: what.place };
}

function readWords(header: IncomingHeader, contents: Contents, head: Element): IncomingMessage['words'] | undefined {
  const kind: IncomingKind | undefined = INCOMING_KINDS.get(header.code);
  const communication = contents.only('Communication');
  if (kind === undefined || communication === undefined) return undefined;
  const isFocus = (one: Element) => contents.at(one) === communication;
  contents.mustMean(head.all('focus').find(isFocus) ?? head.first('focus'), communication);
  for (const entry of contents.repeated) entry.with('refuse').wrong('fhir-repeated');
  refuseModifiers(contents);
  const isNamed = communication.all('category').some((one) => one.codes(SYSTEM.notice).includes(header.code));
  if (!isNamed) communication.first('category').wrong('fhir-code');
  const ofWard = kind.from === 'ward' ? kind : kind.from === 'any' && isOfWard(header) ? kind.ofWard : undefined;
  const status = communication.tokenOf('status', CODE);
  const expected = header.link?.role === 'removal' ? 'entered-in-error' : 'completed';
  // A party may take its own word back without saying so twice.
  const isRight = status === expected || (ofWard === undefined && status === 'completed');
  const isKnown = status === 'completed' || status === 'entered-in-error';
  if (!isRight) communication.child('status').wrong(isKnown ? 'fhir-correction' : 'fhir-code');
  if (ofWard !== undefined) return readWardMessage(header, ofWard, communication, contents);
  if (kind.from === 'any' && isOfWard(header)) return readPlanningWords(header, communication, contents);
  return readPartyWords(header, communication, contents);
}

/** The types of which a message is read; others are left aside whole, whatever they say. */
const READ = new Set([
  'Communication',
  'Encounter',
  'MessageHeader',
  'Observation',
  'Organization',
  'Patient',
  'Provenance',
]);

/**
 * What changes the meaning of a resource in a way that the profiles do not know: a reader that passed it over could take a need
 * for what is none (R4 2.1.27.1, 2.24.0.2).
 */
function refuseModifiers({ bundle, entries, resources }: Contents): void {
  const read = resources.filter((one) => READ.has(one.tokenOf('resourceType', CODE, 'noted') ?? ''));
  const parts = read.flatMap((one) => [
    ...PARTS.filter((name) => one.has(name)).map((name) => one.child(name)),
    ...REPEATED_PARTS.flatMap((name) => one.all(name)),
  ]);
  for (const one of [bundle, ...entries, ...read, ...parts]) {
    for (const name of ['modifierExtension', 'implicitRules']) {
      if (one.has(name)) one.child(name, 'refuse').wrong('fhir-value');
    }
  }
}

/** What is read of a resource and may have a modifier of its own. */
const PARTS = ['source', 'hospitalization'];
const REPEATED_PARTS = ['component', 'entity', 'payload'];

/** By the name that a sender with an agreement has; the ingress compares it with the caller. */
const isOfWard = ({ endpoint }: IncomingHeader) => endpoint.startsWith('urn:bryggan:sender:');
