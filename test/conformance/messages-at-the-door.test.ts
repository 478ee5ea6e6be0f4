import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Bundle, MessageHeader, OperationOutcome } from 'fhir/r4.js';
import { FhirMessages } from '../../apps/ingress/src/fhir-messages/fhir-messages.ts';
import { checkMessage } from '../../apps/translator/src/check/check-message.ts';
import { readFhirMessage } from '../../apps/translator/src/fhir/read-fhir-message.ts';
import {
  INCOMING_EXAMPLES,
  planningMessage,
  WARD_PLANNING_EXAMPLES,
} from '../../libs/fhir/definitions/incoming-examples.ts';
import { observation, partyMessage, wardMessage } from '../../libs/fhir/definitions/incoming-message.ts';
import { loadCounty, type Caller } from '#libs/county';
import { IDENTIFIER_SYSTEM } from '#libs/fhir';
import { fault, IdMaker, isFault, readConfiguration, rulesInForce, type Fault } from '#libs/platform';

/*
 * What the front door answers to a FHIR message is what its sender believes: that the translator took it, and that a check had
 * told the same. The door stands here without its register, which answers what comes again.
 */

const county = loadCounty(join(import.meta.dirname, '../../deploy/county'));
const parameters = rulesInForce(readConfiguration({}, { embedded: true }).rules);
const ids = new IdMaker(Buffer.alloc(32, 7));
const NOW = Date.parse('2026-05-20T12:00:00+02:00');
const clock = { now: () => NOW, driven: true };
const door = new FhirMessages({
  ...{ clock, county, ids },
  intake: {
    take: ({ id, answer }) => Promise.resolve(answer(id, NOW)),
    knows: () => Promise.resolve(true),
  },
});

const callerOf = (sender: string): Caller =>
  /^\d/.test(sender) || sender.startsWith('SE')
    ? { name: sender, party: sender, roles: ['party'] }
    : { name: `sender:${sender}`, party: 'SE2321000016-1000', roles: ['sender'] };

interface Said {
  readonly taken: boolean;
  /** `BRY-2006@<place>`, in their order. */
  readonly faults: readonly string[];
}

const named = ({ code, place }: { readonly code: string; readonly place?: string | undefined }) =>
  `${code}@${place ?? ''}`;

/** What each of the three says of a message of this sender. */
async function sayings(bundle: unknown, sender: string): Promise<{ door: Said; check: Said; translator: Said }> {
  const bytes = Buffer.from(JSON.stringify(bundle));
  const arrival = { inboundId: ids.inbound(sender, bytes), sender, bytes, intakeAt: NOW, intakeStamp: NOW * 1000 };
  const translation = readFhirMessage(arrival, { county, ids });
  const asked = { bytes, kind: 'fhir-message', sender, isOwn: true };
  const { taken, faults } = checkMessage(asked, { county, parameters, now: () => NOW });
  const answer = await door.take(bytes, callerOf(sender));
  expect(await door.take(bytes, callerOf(sender))).toEqual(answer);
  return {
    door: isFault(answer) ? refused([answer]) : acknowledged(JSON.parse(answer.body) as Bundle),
    check: { taken, faults: faults.map(named) },
    translator: translation.kind === 'rejection' ? refused(translation.faults) : { taken: true, faults: [] },
  };
}

const refused = (faults: readonly Fault[]): Said => ({ taken: false, faults: faults.map(named) });

function acknowledged({ entry = [] }: Bundle): Said {
  const resources = entry.map(({ resource }) => resource);
  const [header] = resources as (MessageHeader | undefined)[];
  if (header?.response?.code === 'ok') return { taken: true, faults: [] };
  const outcome = resources.find((one): one is OperationOutcome => one?.resourceType === 'OperationOutcome');
  return {
    taken: false,
    faults: (outcome?.issue ?? []).map((one) =>
      named({ code: one.details?.coding?.[0]?.code ?? '', place: one.expression?.[0] }),
    ),
  };
}

const withIdentifiers = (identifier: object[]): Bundle =>
  wardMessage({ id: 'm1', code: 'NEED', sender: 'KS', facts: [observation('NEED', ['SOC'])], patient: { identifier } });
const id = (type: keyof typeof IDENTIFIER_SYSTEM, value: string) => ({ system: IDENTIFIER_SYSTEM[type], value });
const VALUE = 'Bundle.entry[2].resource.identifier[0].value';
const code = (name: Parameters<typeof fault>[0]) => fault(name).code;

describe('whom a message names', () => {
  it.each<[string, object[], string]>([
    ['a wrong check digit', [id('personnummer', '191212121213')], `${code('wrong-check-digit')}@${VALUE}`],
    ['a day that does not exist', [id('personnummer', '191213121212')], `${code('bad-identity')}@${VALUE}`],
    ['ten digits', [id('personnummer', '1212121212')], `${code('ambiguous-century')}@${VALUE}`],
    ['letters', [id('personnummer', 'Tolvan')], `${code('bad-identity')}@${VALUE}`],
    [
      'a co-ordination number as a personal one',
      [id('personnummer', '191212721219')],
      `${code('bad-identity')}@${VALUE}`,
    ],
    [
      'a personal number as a co-ordination one',
      [id('samordningsnummer', '191212121212')],
      `${code('bad-identity')}@${VALUE}`,
    ],
    ['no reserve number', [id('nationelltReservnummer', '19121212')], `${code('bad-identity')}@${VALUE}`],
    ['no reserve number of Stockholm', [id('reservnummer-stockholm', '1')], `${code('bad-identity')}@${VALUE}`],
    [
      'a reserve number with a wrong check digit',
      [id('reservnummer-stockholm', '991912000001')],
      `${code('wrong-check-digit')}@${VALUE}`,
    ],
    ['no number of an LMA card', [id('LMA-nummer', '?')], `${code('bad-identity')}@${VALUE}`],
    [
      'two personal numbers',
      [id('personnummer', '191212121212'), id('personnummer', '189001019802')],
      `${code('identities-differ')}@Bundle.entry[2].resource.identifier[0]`,
    ],
    ['nobody', [], `${code('no-patient-identity')}@Bundle.entry.resource.ofType(Patient).identifier`],
    [
      'whom it named once',
      [{ ...id('personnummer', '191212121212'), use: 'old' }],
      `${code('no-patient-identity')}@Bundle.entry.resource.ofType(Patient).identifier`,
    ],
  ])(
    '%s is refused by the door, by a check and by the translator, with one place',
    async (_, identifiers, expected) => {
      const said = { taken: false, faults: [expected] };
      expect(await sayings(withIdentifiers(identifiers), 'KS')).toEqual({ door: said, check: said, translator: said });
    },
  );

  it('a wrong number beside a right one refuses nothing', async () => {
    const said = await sayings(
      withIdentifiers([id('personnummer', '191212121213'), id('LMA-nummer', '12345678')]),
      'KS',
    );
    expect([said.door.taken, said.check.taken, said.translator.taken]).toEqual([true, true, true]);
  });
});

/** Every kind, as whom it may come from sends it. */
const RIGHT: readonly (readonly [string, Bundle])[] = [
  ...[...INCOMING_EXAMPLES.values()].map((bundle) => {
    const [, party = 'KS'] = /urn:bryggan:party:([A-Za-z0-9-]+)/.exec(JSON.stringify(bundle)) ?? [];
    return [party, bundle] as const;
  }),
  ...[...WARD_PLANNING_EXAMPLES.values()].map((bundle) => ['KS', bundle] as const),
];

describe('a message of any kind', () => {
  it('that is right is taken by all three', async () => {
    for (const [sender, bundle] of RIGHT) {
      const said = { taken: true, faults: [] };
      expect(await sayings(bundle, sender)).toEqual({ door: said, check: said, translator: said });
    }
  });

  it('with something else in one place is taken by all three or by none, for the same reasons', async () => {
    const elses = fc.constantFrom<unknown>(
      ...[undefined, null, '', 'x', '1', 7, true, [], {}, '191212121213', '2026-05-10', 'QUERY', 'KVI', 'UTS', 'Y'],
      ...['entered-in-error', 'revision', 'removal', 'urn:bryggan:party:0184', 'Organization/0000', '\u0000'],
    );
    let wrong = 0;
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...RIGHT), fc.nat(), elses, async ([sender, right], at, value) => {
        const bundle = structuredClone(right);
        const places = placesIn(bundle);
        const [holder, key] = places[at % places.length]!;
        if (value === undefined && !Array.isArray(holder)) Reflect.deleteProperty(holder, key);
        else Reflect.set(holder, key, value ?? null);
        const said = await sayings(bundle, sender);
        // Whether its sender may say it is the door's question alone, and the only one that it asks then.
        const isOfSender = said.door.faults.some((one) => OF_THE_SENDER.some((known) => one.startsWith(known)));
        if (isOfSender) expect([said.check.taken, said.check.faults[0]]).toEqual([false, said.door.faults[0]]);
        else expect([said.check, said.translator]).toEqual([said.door, said.door]);
        if (!said.door.taken) wrong += 1;
      }),
      { numRuns: 600 },
    );
    expect(wrong).toBeGreaterThan(100);
  });

  it.each([
    ['a ward’s', 'KS', planningMessage({ ...removal('q2', 'QUERY', 'KS') })],
    ['a party’s', '0184', partyMessage({ ...removal('q3', 'QUERY', '0184') })],
  ])('%s is taken back with nothing said again', async (_, sender, bundle) => {
    const said = { taken: true, faults: [] };
    expect(await sayings(bundle, sender)).toEqual({ door: said, check: said, translator: said });
  });
});

function removal(messageId: string, kind: string, sender: string) {
  return { id: messageId, code: kind, sender, corrects: { role: 'removal', previous: 'q1' } as const };
}

const OF_THE_SENDER = [code('kind-not-theirs'), code('sender-not-caller')];

/** Every place in a message where a value stands. */
function placesIn(value: object): (readonly [holder: object, key: string])[] {
  return Object.entries(value).flatMap(([key, inside]: [string, unknown]) => [
    [value, key] as const,
    ...(typeof inside === 'object' && inside !== null ? placesIn(inside) : []),
  ]);
}
