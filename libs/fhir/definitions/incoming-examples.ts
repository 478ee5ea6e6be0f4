import type { Bundle, Communication, Encounter, FhirResource } from 'fhir/r4.js';
import { PLANNING_CODES, type PlanningCode } from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, SYSTEM } from '#libs/fhir';
import {
  type IncomingExample,
  observation,
  wardMessage,
  TOLD_NOTICE,
  partyMessage,
  STAY,
  message,
} from './incoming-message.ts';

/*
 * Messages as a ward's or a party's system writes them: one of each kind that is right, and one that is wrong. The tests of
 * the reader, of the ingress and of the translator take them from here, and so does schemas/fhir.
 */

const planned = (day: string): Partial<Encounter> => ({
  extension: [{ url: EXTENSION.plannedEndDate, valueDateTime: day }],
});
const left = (more: Partial<Encounter> = {}): Partial<Encounter> => ({
  status: 'finished',
  period: { start: '2026-05-10T14:00:00+02:00', end: '2026-05-14T11:00:00+02:00' },
  ...more,
});
const answer = (code: string) => ({ reasonCode: [{ coding: [{ system: SYSTEM.answer, code }] }] });
const text = (contentString: string) => ({ payload: [{ contentString }] });
const ground = (code: string) => ({
  extension: [{ url: EXTENSION.disclosureBasis, valueCoding: { system: SYSTEM.ground, code } }],
});

/** What each kind of a ward's message says, and what is left out or written otherwise in the wrong one. */
const WARD_KINDS: Readonly<Record<string, Omit<IncomingExample, 'id' | 'code' | 'sender'>>> = {
  NEED: { facts: [observation('NEED', ['SOC', 'ROV'])] },
  CONSENT: { facts: [observation('CONSENT', ['Y'], {}, ['SOC'])] },
  BASIS: { facts: [observation('BASIS', ['MENPROVNING'], {}, ['SOC'])] },
  INS: { facts: [observation('INS', ['Y'], {}, ['SOC'])] },
  'INS-WITHDRAWN': { facts: [observation('INS', [], { status: 'entered-in-error' }, ['SOC'])] },
  BUT: { encounter: planned('2026-05-12') },
  UTK: {
    facts: [observation('READY', ['Y'], { effectiveDateTime: '2026-05-14T09:00:00+02:00' })],
    sent: '2026-05-14T09:05:00+02:00',
  },
  'UTK-WITHDRAWN': { facts: [observation('READY', ['N'])], sent: '2026-05-14T10:00:00+02:00' },
  UTS: { encounter: left(), sent: '2026-05-14T11:05:00+02:00' },
  INFO: {
    facts: [observation('INFO', ['Läkemedel ändrade, se listan.'], {}, ['ROV'])],
    sent: '2026-05-14T11:10:00+02:00',
  },
  TRANSFER: {
    encounter: left({ hospitalization: { destination: { display: 'Geriatriken' } } }),
    sent: '2026-05-14T11:05:00+02:00',
  },
  'LEAVE-START': {
    encounter: { status: 'onleave' },
    occurred: '2026-05-11T09:00:00+02:00',
    sent: '2026-05-11T09:05:00+02:00',
  },
  'LEAVE-END': { occurred: '2026-05-12T09:00:00+02:00', sent: '2026-05-12T09:05:00+02:00' },
  DECEASED: { patient: { deceasedDateTime: '2026-05-13T03:00:00+02:00' }, sent: '2026-05-13T03:30:00+02:00' },
  'OPT-APPLIED': { facts: [observation('OPTAPPLIED', ['2026-05-11'])] },
  'OPT-DECISION': { facts: [observation('OPTDECISION', ['2026-05-12'])] },
  PATINFO: { facts: [observation('PATINFO', ['WRITTEN', 'ORAL'])] },
  CHECK: { facts: [observation('CHECK', ['MEDICINES'])] },
  OPPOSED: { facts: [observation('OPPOSED', ['SOC'])] },
};

/** @param day at ten, for an hour */
const meeting = (day: string): FhirResource => ({
  resourceType: 'Appointment',
  id: 'meeting',
  status: 'proposed',
  start: `${day}T10:00:00+02:00`,
  end: `${day}T11:00:00+02:00`,
  participant: [{ status: 'needs-action', actor: { display: 'Berörda enheter' } }],
});
const invited = (...parties: string[]) => ({
  recipient: parties.map((party) => ({ reference: `Organization/${party}` })),
});
const before = { basedOn: [{ reference: `Communication/${TOLD_NOTICE}` }] };

type Said = Pick<IncomingExample, 'communication' | 'more'>;

/** What is for the planning: alike of a ward and of a party, but for how they name the stay. */
const PLANNING_KINDS: Readonly<Record<PlanningCode, Said>> = {
  'PLAN-INFO': { communication: { ...ground('CONSENT'), ...text('Hemtjänst två gånger om dagen.') } },
  QUERY: { communication: { ...ground('CONSENT'), ...text('Behövs rullator?') } },
  ANSWER: { communication: { ...ground('CONSENT'), ...text('Ja.'), ...before } },
  'SIP-CALL': {
    communication: { ...ground('CONSENT'), ...invited('0184'), ...text('Planering på avdelningen.') },
    more: [meeting('2026-05-15')],
  },
  'SIP-PROPOSE': { communication: ground('CONSENT'), more: [meeting('2026-05-15')] },
  'SIP-REPLY': {
    communication: { ...ground('CONSENT'), ...answer('declined'), ...before },
    more: [meeting('2026-05-16')],
  },
  'SIP-DECLINED': { communication: { ...ground('CONSENT'), ...answer('PERSON') } },
  'SIP-PLAN': {
    communication: {
      extension: [
        ...ground('CONSENT').extension,
        {
          url: EXTENSION.plan,
          extension: [
            { url: 'state', valueCode: 'made' },
            ...['MEASURES', 'RESPONSIBILITIES', 'OTHERS', 'LEAD'].map((valueCode) => ({ url: 'item', valueCode })),
            { url: 'consent', valueBoolean: true },
            ...['PERSON', 'MUNICIPALITY', 'REGION'].map((valueCode) => ({ url: 'participant', valueCode })),
          ],
        },
      ],
    },
  },
  SVPL: { communication: { ...ground('CONSENT'), ...answer('made'), ...invited('0184', 'SE2321000016-2001') } },
  'SVPL-ADJ': {
    communication: { ...ground('CONSENT'), ...before, about: [{ reference: 'Organization/0184' }] },
  },
};

const PARTY_KINDS: Readonly<Record<string, Said & Pick<IncomingExample, 'sender'>>> = {
  FVK: {
    sender: 'SE2321000016-2001',
    communication: answer('confirmed'),
    more: [
      {
        resourceType: 'PractitionerRole',
        id: 'contact',
        practitioner: { display: 'Test Testsson' },
        organization: { display: 'Exempelmottagningen' },
        code: [{ text: 'Distriktssköterska' }],
        telecom: [{ system: 'phone', value: '08-0000000' }],
      },
    ],
  },
  KVI: { sender: '0184' },
  RET: {
    sender: '0184',
    communication: { about: [{ reference: 'Organization/0182' }], ...answer('NOT-REGISTERED-HERE') },
  },
  PLAN: { sender: '0184' },
  OBSTACLE: { sender: '0184', communication: { ...ground('CONSENT'), ...answer('unknown') } },
  'CASE-OWNER': { sender: '0184', communication: { about: [{ reference: 'Organization/0184' }] } },
  RECIPIENT: {
    sender: '0184',
    communication: {
      about: [{ reference: 'Organization/SE5560000004-5001' }],
      extension: [
        ...ground('CONSENT').extension,
        { url: EXTENSION.awayFrom, valueDateTime: '2026-05-10' },
        { url: EXTENSION.homeFrom, valueDateTime: '2026-05-14T14:00:00+02:00' },
        { url: EXTENSION.measuresUnchanged, valueCode: 'yes' },
        { url: EXTENSION.whomToCall, valueString: 'Test Testsson, 08-0000000' },
      ],
    },
  },
  FOUND: { sender: '0184', communication: { ...ground('CONSENT'), ...answer('home') } },
  ...Object.fromEntries(
    PLANNING_CODES.map((code) => {
      // The fixed care contact of the region's open care calls (LUS 4:3), and makes the plan.
      const sender = code.startsWith('SIP') || code === 'SVPL' ? 'SE2321000016-2001' : '0184';
      return [code, { sender, ...PLANNING_KINDS[code] }];
    }),
  ),
};

/** What a ward says for the planning: its own visit, and no person. */
export function planningMessage(example: IncomingExample): Bundle {
  const { id, code, sender, visitId = 'V-1', communication, more = [], corrects } = example;
  const said: Communication = {
    resourceType: 'Communication',
    id: `communication-${id}`,
    status: corrects?.role === 'removal' ? 'entered-in-error' : 'completed',
    category: [{ coding: [{ system: SYSTEM.notice, code }] }],
    encounter: { reference: `Encounter/${STAY}` },
    ...communication,
  };
  const stay: Encounter = {
    resourceType: 'Encounter',
    id: STAY,
    identifier: [{ system: IDENTIFIER_SYSTEM.visit, value: visitId }],
    status: 'in-progress',
    class: { system: SYSTEM.actCode, code: 'IMP' },
  };
  return message(example, `urn:bryggan:sender:${sender}`, [said, stay, ...more]);
}

const ofParty = ([code, said]: [string, Said & Pick<IncomingExample, 'sender'>]) =>
  [code, partyMessage({ id: `example-${code.toLowerCase()}`, code, ...said })] as const;

/** Every kind of message that the hub takes, with the sender of the demonstration county that may send it. */
export const INCOMING_EXAMPLES: ReadonlyMap<string, Bundle> = new Map([
  ...Object.entries(WARD_KINDS).map(
    ([code, said]) =>
      [code, wardMessage({ id: `example-${code.toLowerCase()}`, code, sender: 'KS', ...said })] as const,
  ),
  ...Object.entries(PARTY_KINDS).map(ofParty),
]);

/** What wards and parties both may say, as a ward says it. */
export const WARD_PLANNING_EXAMPLES: ReadonlyMap<string, Bundle> = new Map(
  PLANNING_CODES.map((code) => [
    code,
    planningMessage({ id: `example-ward-${code.toLowerCase()}`, code, sender: 'KS', ...PLANNING_KINDS[code] }),
  ]),
);

/** That the person opposes is a fact of a ward's stay; a party says it as an answer. */
const OPPOSED_BY_PARTY = partyMessage({
  ...{ id: 'example-party-opposed', code: 'OPPOSED', sender: '0184' },
  communication: {
    extension: [...ground('CONSENT').extension, { url: EXTENSION.scope, valueCode: 'SOC' }],
  },
});

/** An example of a kind as one role says it. */
export function exampleOf(code: string, role: 'ward' | 'party'): Bundle {
  const found =
    role === 'party' && code === 'OPPOSED'
      ? OPPOSED_BY_PARTY
      : ((role === 'ward' ? WARD_PLANNING_EXAMPLES.get(code) : undefined) ?? INCOMING_EXAMPLES.get(code));
  if (found === undefined) throw new Error(`no example of ${code}`);
  return found;
}

/** Of each kind one that is refused: without the very thing that it is for. */
export function wrongExample(code: string, right = exampleOf(code, code in PARTY_KINDS ? 'party' : 'ward')): Bundle {
  const entries = (right.entry ?? []).flatMap(({ fullUrl, resource }) => {
    const without = resource && withoutContent(resource as FhirResource, code);
    return without ? [{ ...(fullUrl !== undefined && { fullUrl }), resource: without }] : [];
  });
  return { ...right, id: `${right.id ?? ''}-wrong`, entry: entries };
}

function withoutContent(resource: FhirResource, code: string): FhirResource | undefined {
  if (resource.resourceType === 'Observation') return undefined;
  if (resource.resourceType === 'Encounter') {
    const { start } = resource.period ?? {};
    const rest = { ...resource, ...(start !== undefined && { period: { start } }) };
    delete rest.extension;
    // A notice that is no fact and has no time of its own is wrong without the visit that it is about.
    if (code.startsWith('LEAVE') || code === 'DECEASED' || code in PARTY_KINDS) delete rest.identifier;
    return rest;
  }
  if (resource.resourceType === 'Communication') {
    const rest = { ...resource };
    delete rest.inResponseTo;
    return rest;
  }
  return resource;
}
