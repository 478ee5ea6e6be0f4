import { EXTENSION, IDENTIFIER_SYSTEM, SYSTEM } from '../addresses.ts';
import { CODE, ID, type Element } from './element.ts';
import type { Contents, IncomingHeader, PartyWords, PlanningWords, StatedWord } from './message.ts';

/*
 * Messages that state no facts: answers of parties, and what all say for the planning. What of it a kind must hold is said by
 * the schema of forms (schemas/forms), which who takes the message in judges it by: a FHIR message and a form are one.
 */

/** Reads a party's message: which notice it answers, in which stay. */
export function readPartyWords(
  header: IncomingHeader,
  communication: Element,
  contents: Contents,
): PartyWords | undefined {
  const stay = idOf('Encounter', communication.child('encounter'));
  const about = idOf('Communication', communication.first('inResponseTo'));
  if (stay === undefined) communication.child('encounter').wrong('fhir-missing');
  if (about === undefined) communication.first('inResponseTo').wrong('fhir-missing');
  const word = readWord(header, communication, contents);
  if (stay === undefined || about === undefined || word === undefined) return undefined;
  return { from: 'party', answer: { ...word, stay, about } };
}

/** Reads what a ward says for the planning of the visit that its message holds. No person needs to stand in it. */
export function readPlanningWords(
  header: IncomingHeader,
  communication: Element,
  contents: Contents,
): PlanningWords | undefined {
  const stay = contents.only('Encounter');
  if (stay === undefined) return undefined;
  contents.mustMean(communication.child('encounter'), stay);
  const visitId = visitIdIn(stay);
  if (visitId === undefined) stay.child('identifier').wrong('fhir-missing');
  const word = readWord(header, communication, contents);
  return visitId === undefined || word === undefined ? undefined : { from: 'ward-planning', visitId, answer: word };
}

/** The id that a visit has at its sender. */
export function visitIdIn(stay: Element): string | undefined {
  const visit = stay.all('identifier').find((one) => one.tokenOf('system', CODE) === IDENTIFIER_SYSTEM.visit);
  return visit?.textOf('value');
}

function readWord({ code, link }: IncomingHeader, communication: Element, contents: Contents): StatedWord | undefined {
  const sent = contents.bundle.child('timestamp').time()?.time;
  const grounds = communication
    .extensions(EXTENSION.disclosureBasis)
    .flatMap((one) => one.child('valueCoding').tokenOf('code', CODE) ?? []);
  const answeredBy = communication.child('sender').child('identifier').textOf('value');
  if (sent === undefined) return undefined;
  return {
    ...{ code, sent: sent.iso },
    ...(grounds.length > 0 && { grounds }),
    ...(answeredBy !== undefined && { answeredBy }),
    ...(link?.role === 'removal' ? {} : contentOf(code, communication, contents)),
  };
}

/** `Encounter/<id>`; an id of the hub has the form of a UUID. */
function idOf(type: string, reference: Element): string | undefined {
  const text = reference.tokenOf('reference', CODE);
  const id = text?.split('/').at(-1) ?? '';
  return text?.split('/').at(-2) === type && ID.test(id) ? id : undefined;
}

function contentOf(code: string, communication: Element, contents: Contents): Record<string, unknown> {
  const [value] = communication.all('reasonCode').flatMap((one) => one.codes(SYSTEM.answer));
  const lines = communication.all('payload').flatMap((one) => one.textOf('contentString') ?? []);
  const text: { readonly text?: string } = lines.length === 0 ? {} : { text: lines.join('\n') };
  const at = stated('at', contents.ofType('Appointment')[0]?.child('start').time()?.time.iso);
  const before = (name: string) => stated(name, saidBefore(communication.first('basedOn')));
  const parties = communication.all('recipient').flatMap((one) => idOf('Organization', one) ?? []);
  const other = (name: string) => stated(name, idOf('Organization', communication.first('about')));
  switch (code) {
    case 'RET':
      return { ...stated('reason', value), ...other('rightParty') };
    case 'OBSTACLE':
      return stated('exists', value);
    case 'FOUND':
      return stated('where', value);
    case 'FVK':
      return { confirmed: value === 'confirmed', ...stated('contact', readContact(contents)) };
    case 'SIP-CALL':
      return { invited: parties, ...at, ...text };
    case 'SIP-PROPOSE':
      return { ...at, ...text };
    case 'SIP-REPLY':
      return { ...before('proposal'), ...stated('accepted', ACCEPTED.get(value ?? '')), ...at, ...text };
    case 'SIP-DECLINED':
      return { ...stated('by', value), ...text };
    case 'SIP-PLAN':
      return { ...readPlan(communication), ...text };
    case 'SVPL':
      return { ...stated('state', value), units: parties, ...text };
    case 'SVPL-ADJ':
      return { ...before('plan'), ...other('unit') };
    case 'OPPOSED':
      return stated('scopes', some(communication.extensions(EXTENSION.scope).map((one) => codeOf(one))));
    case 'CASE-OWNER':
      return { ...other('owner'), ...stated('desk', text.text) };
    case 'RECIPIENT':
      return { ...other('recipient'), ...readHome(communication), ...text };
    case 'ANSWER':
      return { ...text, ...before('question') };
    case 'PLAN-INFO':
    case 'QUERY':
      return text;
    default:
      return {};
  }
}

const stated = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });
const some = <T>(list: readonly T[]): readonly T[] | undefined => (list.length === 0 ? undefined : list);
const codeOf = (extension: Element) => extension.tokenOf('valueCode', CODE);
const ACCEPTED: ReadonlyMap<string, boolean> = new Map([
  ['accepted', true],
  ['declined', false],
]);

/** An earlier word, by the id that the hub gave it: as a reference, or by the identifier that it was told on with. */
function saidBefore(reference: Element): string | undefined {
  const identifier = reference.child('identifier').tokenOf('value', CODE);
  const text = reference.tokenOf('reference', CODE) ?? identifier;
  return /^urn:uuid:(\S+)$/.exec(text ?? '')?.[1] ?? idOf('Communication', reference);
}

/** Extension `plan`: which of the items of a plan are there, not what they say. */
function readPlan(communication: Element): Record<string, unknown> {
  const plan = communication.extension(EXTENSION.plan);
  const codes = (name: string) => plan.extensions(name).map(codeOf);
  const [consent] = plan.extensions('consent').map((one) => one.child('valueBoolean').yes());
  return {
    ...stated('state', codes('state')[0]),
    ...stated('consent', consent),
    ...(plan.isThere && { items: codes('item'), tookPart: codes('participant') }),
    ...stated('absence', codes('absence')[0]),
  };
}

/** What a provider of home care may know: each of it an extension, as in the notice that it becomes (rules 12.2). */
function readHome(communication: Element): { readonly home?: Record<string, unknown> } {
  const at = (url: string) => communication.extension(url);
  const home = {
    ...stated('awayFrom', at(EXTENSION.awayFrom).child('valueDateTime').time()?.time.iso),
    ...stated('homeFrom', at(EXTENSION.homeFrom).child('valueDateTime').time()?.time.iso),
    ...stated('unchanged', codeOf(at(EXTENSION.measuresUnchanged))),
    ...stated('call', at(EXTENSION.whomToCall).textOf('valueString')),
  };
  return Object.keys(home).length === 0 ? {} : { home };
}

/** The fixed care contact, as a PractitionerRole that names who it is without a reference to anything else. */
function readContact(contents: Contents): Record<string, string> | undefined {
  const [role] = contents.ofType('PractitionerRole');
  if (role === undefined) return undefined;
  const parts: readonly [string, string | undefined][] = [
    ['name', role.child('practitioner').textOf('display')],
    ['role', role.first('code').textOf('text')],
    ['unit', role.child('organization').textOf('display')],
    ['telephone', role.first('telecom').textOf('value')],
  ];
  return Object.fromEntries(parts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
