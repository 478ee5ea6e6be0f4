import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decide, recipientChange, type RoutingDecision } from './decision.ts';
import { decisionText, explained } from './decision-text.ts';
import { demonstrationCounty } from '../parties/demonstration-county.fixture.ts';
import { MUNICIPAL_KINDS, type Party } from '../parties/party.ts';
import { PartyDirectory } from '../parties/directory.ts';
import { CARE_TYPES, HOUSINGS, type RoutingFacts } from './routing-facts.ts';
import { ROUTING_RULE_IDS, routingRuleOn } from './routing-rules.ts';

/** What holds for every combination of facts, beside the decided cases (`routing-cases.test.ts`). */

const COUNTY = join(import.meta.dirname, '../../../../deploy/county');
const county = demonstrationCounty(
  readFileSync(join(COUNTY, 'parties.json'), 'utf8'),
  readFileSync(join(COUNTY, 'addresses.csv'), 'utf8'),
);

const maybe = <Value>(values: readonly Value[]): fc.Arbitrary<Value | undefined> =>
  fc.option(fc.constantFrom(...values), { nil: undefined });
const CODES = ['0184', '0183', '0180', '0188', '0128', '1480', '9901', '0199'];
const CLINICS = [
  'SE2321000016-2001',
  'SE5560000001-2002',
  'SE2321000016-2009',
  'SE2321000016-2999',
  'SE2321000016-1000',
];
const CONTACTS = ['SE2321000016-2101', 'SE5560000005-2102', 'SE2321000016-2999'];
const MUNICIPAL = ['0184', '0180-farsta', '0180-rinkeby-kista', 'SE2220000188-3001', 'SE2321000016-2001'];
const SLUGS = ['farsta', 'jarva', 'rinkeby-kista', 'atlantis'];
const STREETS = ['Långgatan 1', 'Gränsvägen 18', 'Okända gatan 2', 'På kommunen', 'Gränsvägen'];

const address = fc.record({
  lines: fc.subarray(STREETS, { maxLength: 2 }),
  municipality: maybe(CODES),
  district: maybe(SLUGS),
});

const generated: fc.Arbitrary<RoutingFacts> = fc
  .record({
    need: fc.subarray(['SOC', 'KHSL', 'ROV'] as const),
    identity: maybe(['personnummer', 'samordningsnummer', 'LMA-nummer', 'reservnummer-stockholm', 'other'] as const),
    birthDate: maybe(['1940-01-01', '1980-02-01', '2012-02-01', '1980']),
    address: fc.option(address, { nil: undefined }),
    stayingIn: maybe(['0182', '1480']),
    housing: maybe(HOUSINGS),
    placedBy: maybe(['0183', '0180', '1480', '0188']),
    listing: fc.oneof(maybe(CLINICS.map((clinic) => ({ clinic }))), fc.constant('unlisted' as const)),
    contacts: fc.subarray(CONTACTS),
    rehab: fc.subarray(['SE2321000016-2401']),
    careType: maybe(CARE_TYPES),
    lss: maybe([true]),
    caseOwner: maybe(MUNICIPAL.map((party) => ({ party, desk: 'vuxen' }))),
    homeCare: maybe(['SE5560000004-5001']),
    added: fc.subarray([
      { party: 'SE5560000004-5001', by: '0184' },
      { party: 'SE2120000142-6001', by: '0180-farsta' },
    ]),
    returned: fc.subarray([
      { by: '0184', proposal: '0183' },
      { by: '0183' },
      { by: '0180-farsta', proposal: '0180-jarva', told: true },
      { by: 'SE2321000016-2001', proposal: 'SE5560000001-2002' },
    ]),
    released: fc.subarray([
      { recipient: '0182', scopes: ['SOC', 'KHSL'] as const },
      { recipient: 'SE2321000016-2003', scopes: ['ROV'] as const },
    ]),
    protection: fc.option(fc.constantFrom('sekretessmarkering', 'skyddadFolkbokforing', 'unknown'), {
      nil: undefined,
      freq: 5,
    }),
  })
  .map((facts) => JSON.parse(JSON.stringify(facts)) as RoutingFacts);

const days = fc.constantFrom('2018-01-01', '2020-06-30', '2020-07-01', '2023-06-30', '2023-07-01', '2026-05-04');

/** Scopes that a decision covers, by the role that takes or awaits them. */
function covered({ recipients, byHand }: RoutingDecision): Map<string, number> {
  const roles = [...recipients.flatMap((one) => one.roles.map((role) => ({ role, scopes: one.scopes }))), ...byHand];
  const count = new Map<string, number>();
  for (const { role, scopes } of roles)
    for (const scope of scopes) count.set(`${role} ${scope}`, (count.get(`${role} ${scope}`) ?? 0) + 1);
  return count;
}

describe('every routing decision', () => {
  it('has one recipient or one person for every recorded need, and nobody without one', () => {
    fc.assert(
      fc.property(generated, days, (facts, date) => {
        const decision = decide(facts, county, date);
        const { need, housing } = facts;
        const count = covered(decision);
        const municipal = [...count.keys()]
          .filter((key) => /^(municipality|placing) /.test(key))
          .map((key) => key.split(' ')[1]);
        const nursedByRegion = housing === 'ORD' && need.includes('KHSL') && !municipal.includes('KHSL');
        const expected = need.filter((scope) => scope !== 'ROV' && !(scope === 'KHSL' && nursedByRegion));
        expect([...new Set(municipal)].sort()).toEqual([...expected].sort());
        expect(count.get('clinic ROV') ?? 0).toBe(need.includes('ROV') || need.includes('KHSL') ? 1 : 0);
        expect(decision.recipients.every(({ scopes, roles }) => scopes.length > 0 && roles.length > 0)).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });

  it('tells a party once, and only one that answers for what it is told', () => {
    fc.assert(
      fc.property(generated, days, (facts, date) => {
        const { recipients } = decide(facts, county, date);
        expect(new Set(recipients.map(({ party }) => party.id)).size).toBe(recipients.length);
        for (const { party, scopes } of recipients) {
          expect(county.party(party.id, date)).toBe(party);
          const kind = MUNICIPAL_KINDS.has(party.kind) ? 'municipal' : party.kind;
          expect(scopes.includes('ROV') ? kind === 'clinic' : kind === 'municipal').toBe(true);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('has one desk for a party that has desks, and says low confidence wherever two could be right', () => {
    fc.assert(
      fc.property(generated, days, (facts, date) => {
        for (const { party, desk, confidence } of decide(facts, county, date).recipients) {
          expect(desk !== undefined).toBe(MUNICIPAL_KINDS.has(party.kind));
          if (desk && facts.birthDate === undefined) expect(confidence).toBe('LOW');
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('tells of a protected person only those to whom a person has released it, and derives nothing', () => {
    fc.assert(
      fc.property(generated, days, (facts, date) => {
        const { recipients, byHand, added } = decide({ ...facts, protection: 'unknown' }, county, date);
        const released = new Set((facts.released ?? []).map(({ recipient }) => recipient));
        expect(recipients.filter(({ party }) => !released.has(party.id))).toEqual([]);
        expect(
          byHand.flatMap(({ proposals, queue }) => [...proposals, ...(queue === undefined ? [] : [queue])]),
        ).toEqual([]);
        expect(added.length === 0 || recipients.length > 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('is the same for the same facts, and names its rules, its version and every fact', () => {
    fc.assert(
      fc.property(generated, days, (facts, date) => {
        const [one, other] = [decide(facts, county, date), decide(structuredClone(facts), county, date)];
        expect(explained(other)).toEqual(explained(one));
        expect(decisionText(other)).toBe(decisionText(one));
        const lines = [...one.recipients, ...one.byHand].flatMap(({ trace }) => trace);
        expect(lines.filter(({ rule }) => !ROUTING_RULE_IDS.some((id) => id === rule))).toEqual([]);
        expect([...one.recipients, ...one.byHand].every(({ trace }) => trace.length > 0)).toBe(true);
        expect(explained(one).directoryVersion).toBe(county.version);
        const named = new Set<string>(explained(one).facts.map(({ fact }) => fact));
        const known = Object.entries(facts).filter(([, value]) => !Array.isArray(value) || value.length > 0);
        expect(known.filter(([name]) => name !== 'need' && !named.has(name))).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('at a past date is the one of then, whatever the directory has learned since', () => {
    const since = '2026-05-05';
    const grown = new PartyDirectory({
      version: 'later',
      parties: [
        ...county.all().map(endingBefore(since)),
        ...county
          .all()
          .filter(isOpen)
          .map((row) => ({ ...row, from: since, name: `${row.name} (ny)` })),
      ],
    });
    const before = new PartyDirectory({ version: county.version, parties: county.all() });
    fc.assert(
      fc.property(generated, days, (facts, date) => {
        const ids = (decision: RoutingDecision): unknown => [
          decision.recipients.map(({ party, roles, scopes, confidence, desk }) => [
            party.id,
            party.name,
            roles,
            scopes,
            confidence,
            desk,
          ]),
          decision.byHand,
          decision.notChosen,
        ];
        expect(ids(decide(facts, grown, date))).toEqual(ids(decide(facts, before, date)));
      }),
      { numRuns: 500 },
    );
  });
});

const isOpen = ({ to }: Party): boolean => to === undefined;

function endingBefore(date: string): (row: Party) => Party {
  const last = new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
  return (row) => (isOpen(row) ? { ...row, to: last } : row);
}

describe('what changes in the middle of a stay', () => {
  const at = (more: Partial<RoutingFacts>, date = '2026-05-04'): RoutingDecision =>
    decide({ need: ['SOC'], identity: 'personnummer', birthDate: '1940-01-01', ...more }, county, date);
  const solna = { address: { lines: [], municipality: '0184' } };
  const kista = { address: { lines: [], municipality: '0180', district: 'rinkeby-kista' } };

  it.each([
    ['nothing', at(solna), at(solna), { newlyTold: [], toldStill: ['0184'], noLongerTold: [] }],
    [
      'the address',
      at(solna),
      at({ address: { lines: [], municipality: '0183' } }),
      { newlyTold: ['0183'], toldStill: [], noLongerTold: ['0184'] },
    ],
    [
      'the need',
      at(solna),
      at({ ...solna, need: ['SOC', 'ROV'], listing: { clinic: 'SE2321000016-2001' } }),
      { newlyTold: ['SE2321000016-2001'], toldStill: ['0184'], noLongerTold: [] },
    ],
    [
      'a board that is merged',
      at(kista, '2023-06-30'),
      at(kista, '2023-07-01'),
      { newlyTold: ['0180-jarva'], toldStill: [], noLongerTold: ['0180-rinkeby-kista'] },
    ],
    [
      'a reserve number that becomes a personal number',
      at({ identity: 'reservnummer-stockholm' }),
      at(solna),
      { newlyTold: ['0184'], toldStill: [], noLongerTold: [] },
    ],
    [
      'a protection',
      at(solna),
      at({ ...solna, protection: 'unknown' }),
      { newlyTold: [], toldStill: [], noLongerTold: ['0184'] },
    ],
  ])('is told when it is %s', (_what, before, after, change) => expect(recipientChange(before, after)).toEqual(change));
});

describe('the rules of routing', () => {
  it.each([
    ['2025-06-30', 'SoL (2001:453) 2 a kap.'],
    ['2025-07-01', 'SoL 29:3'],
    ['2026-05-04', 'SoL 29:3'],
  ])('are those of the day: on %s RTE-01 is %s', (date, basis) =>
    expect(routingRuleOn('RTE-01', date).basis).toBe(basis),
  );
});
