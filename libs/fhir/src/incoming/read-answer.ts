import { EXTENSION, SYSTEM } from '../addresses.ts';
import { CODE, ID, type Element } from './element.ts';
import type { Contents, IncomingHeader, StatedAnswer } from './message.ts';

/** Reads a party's message. What it says must be whole: which of it a kind needs is said by the schema of replies. */
export function readAnswer(
  { code, link }: IncomingHeader,
  communication: Element,
  contents: Contents,
): StatedAnswer | undefined {
  const stay = idOf('Encounter', communication.child('encounter'));
  const about = idOf('Communication', communication.first('inResponseTo'));
  if (stay === undefined) communication.child('encounter').wrong('fhir-missing');
  if (about === undefined) communication.first('inResponseTo').wrong('fhir-missing');
  if (link?.role === 'revision') contents.report.refuse('fhir-correction', link.place);
  const sent = contents.bundle.child('timestamp').time()?.time;
  const grounds = communication
    .extensions(EXTENSION.disclosureBasis)
    .flatMap((one) => one.child('valueCoding').child('code').token(CODE) ?? []);
  const answeredBy = communication.child('sender').child('identifier').child('value').text();
  if (stay === undefined || about === undefined || sent === undefined) return undefined;
  return {
    ...{ code, stay, about, sent: sent.iso },
    ...(grounds.length > 0 && { grounds }),
    ...(answeredBy !== undefined && { answeredBy }),
    ...(link?.role === 'removal' ? {} : contentOf(code, communication, contents)),
  };
}

/** `Encounter/<id>`; an id of the hub has the form of a UUID. */
function idOf(type: string, reference: Element): string | undefined {
  const text = reference.child('reference').token(CODE);
  const id = text?.split('/').at(-1) ?? '';
  return text?.split('/').at(-2) === type && ID.test(id) ? id : undefined;
}

function contentOf(code: string, communication: Element, contents: Contents): Record<string, unknown> {
  const [value] = communication.all('reasonCode').flatMap((one) => one.codes(SYSTEM.answer));
  const lines = communication.all('payload').flatMap((one) => one.child('contentString').text() ?? []);
  const text = lines.length === 0 ? {} : { text: lines.join('\n') };
  switch (code) {
    case 'RET':
      return { reason: value, ...stated('rightParty', idOf('Organization', communication.first('about'))) };
    case 'OBSTACLE':
      return stated('exists', value);
    case 'FOUND':
      return stated('where', value);
    case 'FVK':
      return { confirmed: value === 'confirmed', ...stated('contact', readContact(contents)) };
    case 'SIP-CALL':
      return {
        invited: communication.all('recipient').flatMap((one) => idOf('Organization', one) ?? []),
        ...stated('at', contents.ofType('Appointment')[0]?.child('start').time()?.time.iso),
        ...text,
      };
    case 'ANSWER':
      return { ...text, ...stated('question', idOf('Communication', communication.first('basedOn'))) };
    case 'PLAN-INFO':
    case 'QUERY':
      return text;
    default:
      return {};
  }
}

const stated = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });

/** The fixed care contact, as a PractitionerRole that names who it is without a reference to anything else. */
function readContact(contents: Contents): Record<string, string> | undefined {
  const [role] = contents.ofType('PractitionerRole');
  if (role === undefined) return undefined;
  const parts: readonly [string, string | undefined][] = [
    ['name', role.child('practitioner').child('display').text()],
    ['role', role.first('code').child('text').text()],
    ['unit', role.child('organization').child('display').text()],
    ['telephone', role.first('telecom').child('value').text()],
  ];
  return Object.fromEntries(parts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
