import { describe, expect, it } from '@jest/globals';
import { ANSWER_CODES } from '../codes/answer-code.ts';
import type { Scope } from '../codes/scope.ts';
import { LEGAL_FORMS, type LegalForm } from '../codes/legal-form.ts';
import { type Element, ELEMENTS, type Ground, GROUNDS, within } from '../codes/elements-and-grounds.ts';
import { NOTICE_KINDS } from '../notices/kinds.ts';
import { PARTY_KINDS, type PartyKind } from '../parties/party.ts';
import type { FactInForce } from '../stay/facts.ts';
import { DISCLOSURES, GROUND_ROWS, isValid, SIDES } from './disclosure-table.ts';
import { disclosureRow, groundFor, type GroundDecision } from './gate.ts';

const DAYS = ['2017-12-31', '2018-01-01', '2026-05-10', '2027-12-31', '2028-01-01'];
const KINDS = [...NOTICE_KINDS, 'INS-WITHDRAWN', 'UTK-WITHDRAWN', 'GOSSIP'];

const fact = (code: 'CONSENT' | 'BASIS', values: readonly string[], more: Partial<FactInForce> = {}): FactInForce => ({
  ...{ code, values, scopes: [], status: 'F', at: 1, statedBy: 'e1', takenIn: 1 },
  ...more,
});
const stated = (ground: Ground): FactInForce[] =>
  ground === 'CONSENT' ? [fact('CONSENT', ['Y'])] : [fact('BASIS', [ground])];

function ask(
  kind: string,
  [from, kindOfParty, to]: readonly [LegalForm, PartyKind, LegalForm],
  disclosures: readonly FactInForce[],
  date = '2026-05-10',
  scopes: readonly Scope[] = ['SOC'],
): GroundDecision {
  return groundFor({ kind, from, to: { id: '0184', kind: kindOfParty, legalForms: [to] }, scopes, disclosures, date });
}

/**
 * Rules 12.2 and 12.3 once more, as sentences rather than rows: what ground, of those stated, carries a kind between two. It
 * knows nothing of the table, and the two have to agree on every combination.
 */
function byTheRules(kind: string, from: LegalForm, to: LegalForm, ground: Ground): Ground | undefined {
  if (['INS', 'BUT', 'INS-WITHDRAWN'].includes(kind)) return 'LUS_2KAP';
  if (kind === 'HOME') return ground === 'CONSENT' ? ground : undefined;
  // The law itself is the ground, and needs nobody to state it; between authorities alone.
  if (kind === 'OPT-DECISION') return to === 'private' ? undefined : 'LPT_7A';
  if (ground === 'CONSENT') return 'CONSENT';
  if (from === 'region-authority' && to === 'region-authority') return 'SAME_REGION';
  const isAuthority = from !== 'private';
  if (ground === 'CHILD_OR_ABUSE_OR_COMPULSORY') return isAuthority && to !== 'private' ? ground : undefined;
  if (ground === 'CANNOT_CONSENT') return isAuthority ? ground : undefined;
  if (ground === 'PRIVATE_PROVIDER') return isAuthority ? undefined : ground;
  return ground === 'MENPROVNING' ? ground : undefined;
}

const TOLD_TO: readonly PartyKind[] = ['municipality', 'district-board', 'municipal-unit', 'federation', 'clinic'];
/** Who helps at home is told that and when, and nothing else (rules 12.2). */
const TOLD_OF_HOME: readonly PartyKind[] = ['home-care', 'safe-return-team', 'placement-coordinator'];

describe('the gate', () => {
  it('lets through, of every kind, party, legal forms, ground and day, what the rules do, and nothing else', () => {
    const wrong: unknown[] = [];
    for (const kind of KINDS)
      for (const party of PARTY_KINDS)
        for (const from of LEGAL_FORMS)
          for (const to of LEGAL_FORMS)
            for (const ground of GROUNDS)
              for (const date of DAYS) {
                const answer = ask(kind, [from, party, to], stated(ground), date);
                const toldTo = kind === 'HOME' ? TOLD_OF_HOME : TOLD_TO;
                const hasRow = toldTo.includes(party) && kind !== 'GOSSIP' && date >= '2018-01-01';
                const withheld = kind === 'OPT-DECISION' ? 'legal-form' : 'not-stated';
                const expected = hasRow ? (byTheRules(kind, from, to, ground) ?? withheld) : 'never';
                const got = 'ground' in answer ? answer.ground : answer.withheld;
                if (got !== expected) wrong.push({ kind, party, from, to, ground, date, got, expected });
              }
    expect(wrong).toEqual([]);
  });

  it('tells INS and BUT with exactly the lawful items, and whatever else with nothing of them but whose it is', () => {
    const elementsOf = (kind: string): readonly Element[] =>
      disclosureRow({
        ...{ kind, date: '2026-05-10' },
        from: { side: 'hospital', legalForms: ['region-authority'] },
        to: { side: 'municipality', legalForms: ['municipal-authority'] },
      })?.elements ?? [];
    const whose = ['identity', 'name', 'care-provider'];
    expect(elementsOf('INS')).toEqual([...whose, 'address', 'expected-discharge', 'own-need']);
    expect(elementsOf('BUT')).toEqual([...whose, 'expected-discharge']);
    expect(elementsOf('UTK')).toEqual([...whose, 'ready-since']);
    expect(elementsOf('OPT-DECISION')).toEqual([...whose, 'decided-at']);
    expect(elementsOf('UTS')).toEqual([...whose, 'discharged-at']);
    expect(elementsOf('INFO')).toEqual([...whose, 'information-scope', 'information']);
    for (const kind of ['INS-WITHDRAWN', 'UTK-WITHDRAWN']) expect(elementsOf(kind)).toEqual(whose);
  });

  it('names the grounds that would let through what it withholds', () => {
    expect(ask('UTK', ['region-authority', 'municipality', 'municipal-authority'], [])).toEqual({
      withheld: 'not-stated',
      elements: ['identity', 'name', 'care-provider', 'ready-since'],
      permittedBy: ['CONSENT', 'CHILD_OR_ABUSE_OR_COMPULSORY', 'CANNOT_CONSENT', 'MENPROVNING'],
    });
    expect(ask('UTK', ['private', 'clinic', 'private'], [])).toMatchObject({
      permittedBy: ['CONSENT', 'MENPROVNING', 'PRIVATE_PROVIDER'],
    });
    // A company is no authority: there is nothing to state, and nobody is asked for it.
    expect(ask('OPT-DECISION', ['region-authority', 'clinic', 'private'], stated('CONSENT'))).toEqual({
      withheld: 'legal-form',
      elements: ['identity', 'name', 'care-provider', 'decided-at'],
      permittedBy: [],
    });
  });

  it('says who judged, when and in which message', () => {
    const judged = fact('BASIS', ['CANNOT_CONSENT'], { at: 7, statedBy: 'e7', judgedBy: 'SE2321000016-1X1' });
    expect(ask('UTK', ['region-authority', 'municipality', 'municipal-authority'], [judged])).toMatchObject({
      ground: 'CANNOT_CONSENT',
      basis: { at: 7, statedBy: 'e7', judgedBy: 'SE2321000016-1X1' },
    });
  });
});

describe('consent', () => {
  const to = (disclosures: readonly FactInForce[], scopes: readonly Scope[] = ['SOC']): string => {
    const answer = ask(
      'INFO',
      ['region-authority', 'municipality', 'municipal-authority'],
      disclosures,
      DAYS[2],
      scopes,
    );
    return 'ground' in answer ? answer.ground : answer.withheld;
  };
  const yes = (...parties: string[]) => fact('CONSENT', ['Y', ...parties]);
  const no = (...parties: string[]) => fact('CONSENT', ['N', ...parties], { at: 2 });

  it.each<[string, readonly FactInForce[], readonly Scope[], string]>([
    ['never stated', [], ['SOC'], 'not-stated'],
    ['refused', [no()], ['SOC'], 'refused'],
    ['given to all', [yes()], ['SOC'], 'CONSENT'],
    ['given to this recipient', [yes('0180-jarva', '0184')], ['SOC'], 'CONSENT'],
    ['given to another recipient', [yes('0183')], ['SOC'], 'not-stated'],
    ['withdrawn for all', [yes('0184'), no()], ['SOC'], 'refused'],
    ['withdrawn for this recipient', [yes(), no('0184')], ['SOC'], 'refused'],
    ['withdrawn for another recipient', [yes(), no('0183')], ['SOC'], 'CONSENT'],
    ['given in another scope', [fact('CONSENT', ['Y'], { scopes: ['ROV'] })], ['SOC'], 'not-stated'],
    ['given in one of its scopes', [fact('CONSENT', ['Y'], { scopes: ['KHSL'] })], ['SOC', 'KHSL'], 'CONSENT'],
    ['refused in one of its scopes', [fact('CONSENT', ['N'], { scopes: ['KHSL'] })], ['SOC', 'KHSL'], 'refused'],
    ['withdrawn, and a judgement beside it', [fact('BASIS', ['MENPROVNING']), yes(), no()], ['SOC'], 'MENPROVNING'],
    ['stated as a basis, and withdrawn', [fact('BASIS', ['CONSENT']), no()], ['SOC'], 'refused'],
    ['stated as a basis', [fact('BASIS', ['CONSENT'])], ['SOC'], 'CONSENT'],
  ])('%s', (_what, disclosures, scopes, expected) => {
    expect(to(disclosures, scopes)).toBe(expected);
  });
});

describe('the table', () => {
  it('has at most one row of a kind between two sides on a day, and one ground row between two forms', () => {
    for (const date of DAYS) {
      const cells = DISCLOSURES.filter((row) => isValid(row, date)).flatMap(({ kinds, from, to }) =>
        kinds.flatMap((kind) => from.flatMap((sayer) => to.map((told) => `${kind} ${sayer} ${told}`))),
      );
      expect(cells).toEqual([...new Set(cells)]);
      const between = GROUND_ROWS.filter((row) => isValid(row, date)).flatMap(({ ground, from, to }) =>
        from.flatMap((sayer) => to.map((told) => `${ground} ${sayer} ${told}`)),
      );
      expect(between).toEqual([...new Set(between)]);
    }
  });

  it('has a row for every kind that the hub tells and every answer that it takes, and a source on each', () => {
    const named = new Set(DISCLOSURES.flatMap(({ kinds }) => kinds));
    expect([...NOTICE_KINDS, ...ANSWER_CODES].filter((kind) => !named.has(kind))).toEqual([]);
    expect([...DISCLOSURES, ...GROUND_ROWS].filter(({ source }) => source === '')).toEqual([]);
    expect(DISCLOSURES.flatMap(({ from, to }) => [...from, ...to]).filter((side) => !SIDES.includes(side))).toEqual([]);
  });
});

describe('a content within its elements', () => {
  const person = { identity: 1, name: 2, address: 3, protection: 'unknown', birthDate: 4 };
  it('has nothing but them, the kind and the label', () => {
    const content = { kind: 'UTK', person, careProvider: 'x', readySince: 1, ward: 'x' };
    expect(within(content, ['identity', 'name', 'care-provider', 'ready-since'])).toEqual({
      ...{ kind: 'UTK', careProvider: 'x', readySince: 1 },
      person: { identity: 1, name: 2, protection: 'unknown' },
    });
  });

  it('is the same object when all of it may be told', () => {
    const content = { kind: 'X', text: 'a' };
    expect(within(content, Object.keys(ELEMENTS) as Element[])).toBe(content);
  });
});
