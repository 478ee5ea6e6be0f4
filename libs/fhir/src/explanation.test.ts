import { describe, expect, it } from '@jest/globals';
import { operationBreaches } from '../../../test/docs/operation-breaches.ts';
import { ANOTHERS_FACT, explanationOf, explanationText, ownExplanation, writeExplanation } from './explanation.ts';
import { OPERATOR_VIEW, SENDER_VIEW, type DecisionLines, type StayRecord } from './stay-record.ts';

const OWN = [SENDER_VIEW, OPERATOR_VIEW];
const SENT = Date.parse('2026-05-04T08:30:00+02:00');
const LINES: Pick<StayRecord, 'told' | 'withheld' | 'decision'> = {
  told: [
    {
      ...{ delivery: 'd1', kind: 'INS', recipient: '0184', ground: 'LUS_2KAP', statedBy: 'e1', sent: SENT },
      seenBy: [...OWN, '0184'],
      trace: [
        { rule: 'RTE-01', text: 'Folkbokförd i 0184.', seenBy: OWN },
        { rule: 'DEC-08', text: 'Fick meddelandet i ett annat vårdtillfälle.', seenBy: [OPERATOR_VIEW] },
      ],
    },
  ],
  withheld: [{ kind: 'UTK', recipient: '0184', text: 'UTK hålls inne: ingen grund.', seenBy: OWN }],
  decision: {
    facts: [
      { fact: 'address', value: '{"city":"Solna","municipality":"0184"}', source: 'KS A01', seenBy: OWN },
      { fact: 'caseOwner', value: '0183', source: 'svar från 0183', seenBy: [OPERATOR_VIEW] },
    ],
    rules: [{ rule: 'RTE-01', basis: 'SoL 29:3', from: '2025-07-01' }],
    notChosen: [
      { candidate: '0183', rule: 'RTE-23', text: 'Har uppgett att ärendet är dess.', seenBy: [OPERATOR_VIEW] },
      { candidate: 'Hemtjänsten', rule: '12.2', text: 'Ett förslag till kommunen.', seenBy: OWN },
    ],
    waiting: [{ role: 'clinic', text: 'Listning saknas.', seenBy: OWN }],
  },
};
const seenBy = (viewer: string, asked?: string) => explanationOf(LINES, 'd1', viewer, asked);

describe('an explanation', () => {
  it('says of a call beside the hub whom it reached, how and when, to the ward that recorded it', () => {
    const at = Date.parse('2026-05-04T09:15:00+02:00');
    const lines = {
      ...LINES,
      calls: [
        { statedBy: 'c1', recipient: '0184', at, kind: 'INS', channel: 'fax', seenBy: OWN },
        { statedBy: 'c2', recipient: '0184', at, channel: 'telephone', seenBy: [OPERATOR_VIEW] },
        { statedBy: 'c3', recipient: '0182', at, channel: 'paper', seenBy: OWN },
      ],
    };
    const explained = explanationOf(lines, 'd1', SENDER_VIEW, undefined)!;
    expect(explained.beside).toEqual([{ recipient: '0184', at, kind: 'INS', channel: 'fax' }]);
    expect(explanationText(explained)).toContain(
      'Inskrivningsmeddelande till 0184: Lämnat per fax 2026-05-04 09:15. Det uppfyller ingen tidsgräns. [TEK-02]',
    );
    expect(JSON.stringify(writeExplanation(explained))).toContain('"valueInstant":"2026-05-04T');
    expect(explanationOf(lines, 'd1', OPERATOR_VIEW, '0182')?.beside).toHaveLength(3);
    expect(seenBy(SENDER_VIEW)).not.toHaveProperty('beside');
  });

  it('is whole for the operator: facts with their sources, rules with paragraph and day, who was not chosen and why', () => {
    const explanation = seenBy(OPERATOR_VIEW);
    expect(explanation?.told.why.map(({ text }) => text)).toEqual(LINES.told[0]?.trace.map(({ text }) => text));
    expect(explanation?.facts.map(({ value }) => value)).toEqual(['{"city":"Solna","municipality":"0184"}', '0183']);
    expect(explanationText(explanation!)).toContain('adress: Solna, 0184 (KS A01)');
    expect(explanationText(explanation!)).toContain('öppen vård: Listning saknas.');
    expect(explanation?.rules).toEqual([
      { rule: 'RTE-01', basis: 'SoL 29:3', from: '2025-07-01' },
      { rule: 'INS', basis: 'LUS 2:2; rules 12.4', from: '2018-01-01' },
      { rule: 'LUS_2KAP', basis: 'LUS 2:1-4; OSL 25:11 p.6, 10:28; PSL 6:12', from: '2018-01-01' },
    ]);
    expect(explanation?.notChosen.map(({ candidate }) => candidate)).toEqual(['0183', 'Hemtjänsten']);
  });

  it('is written as its OperationDefinition declares it, part by part', () => {
    const at = Date.parse('2026-05-04T09:15:00+02:00');
    const [told] = LINES.told;
    const because = { text: 'Inskrivningen makulerades.', seenBy: OWN };
    const lines = {
      ...LINES,
      told: [{ ...told!, withdrawn: { by: 'd2', at, because } }],
      calls: [
        { statedBy: 'c1', recipient: '0184', at, kind: 'INS', channel: 'fax', seenBy: OWN },
        { statedBy: 'c2', recipient: '0184', at, seenBy: OWN },
      ],
      decision: { ...LINES.decision!, made: { directory: '7', date: '2026-05-04', at } },
    };
    const folded = { ...lines, told: [{ ...told!, decision: 'gone' }] };
    const written = [
      explanationOf(lines, 'd1', OPERATOR_VIEW, '0182'),
      explanationOf(folded, 'd1', OPERATOR_VIEW, undefined),
      seenBy(SENDER_VIEW),
      ownExplanation({ kind: 'INS', recipient: '0184', ground: 'LUS_2KAP', sent: SENT, needs: ['SOC'] }, '0183'),
    ].map((one) => writeExplanation(one!));
    const names = new Set(written.flatMap(({ parameter = [] }) => parameter.map(({ name }) => name)));
    expect([...names].sort()).toEqual(
      'asked beside decided fact folded not-chosen rule text told waiting withheld'.split(' '),
    );
    expect(written.flatMap((one) => operationBreaches('explain', one))).toEqual([]);
    const wrong = { name: 'told', part: [{ name: 'sent', valueString: '2026' }, { name: 'other' }] };
    expect(operationBreaches('explain', { resourceType: 'Parameters', parameter: [wrong] })).toEqual(
      expect.arrayContaining(['told.other is not declared', 'told.sent has valueString, not valueInstant']),
    );
  });

  it('says to the ward that a fact is another party’s, and not which', () => {
    const text = JSON.stringify(writeExplanation(seenBy(SENDER_VIEW)!));
    expect(text).toContain('Folkbokförd i 0184.');
    for (const secret of ['ett annat vårdtillfälle', 'ärendet är dess', 'svar från 0183'])
      expect(text).not.toContain(secret);
    expect(seenBy(SENDER_VIEW)?.facts[1]).toEqual({ fact: 'caseOwner', value: ANOTHERS_FACT, source: ANOTHERS_FACT });
  });

  it.each([
    ['0184', 'har fått ”Inskrivningsmeddelande”'],
    ['Hemtjänsten', 'Ett förslag till kommunen.'],
    ['0183', ANOTHERS_FACT],
    ['0199', 'Ingen uppgift i vårdtillfället pekar på 0199'],
  ])('says to the ward why %s did not get it: %s', (party, text) => {
    expect(seenBy(SENDER_VIEW, party)?.asked?.text).toContain(text);
  });

  it('goes by the decision that the notice was sent by, and its withdrawal by the one that held then', () => {
    const [told] = LINES.told;
    const moved = (value: string): DecisionLines => ({
      ...{ ...LINES.decision!, made: { directory: `katalog ${value}`, date: '2026-05-05', at: SENT } },
      facts: [{ fact: 'address', value, source: 'KS', seenBy: OWN }],
    });
    const because = { text: 'Återtaget: en annan mottagare gäller.', seenBy: OWN };
    const lines = {
      ...LINES,
      told: [{ ...told!, decision: 'e1', withdrawn: { by: 'd2', at: SENT, decision: 'e2', because } }],
      earlier: [
        { key: 'e1', ...moved('0184') },
        { key: 'e2', ...moved('0183') },
      ],
    };
    const explained = (delivery: string, of = lines) => explanationOf(of, delivery, SENDER_VIEW, undefined)!;
    expect(explained('d1').facts.map(({ value }) => value)).toEqual(['0184']);
    expect(explained('d2').facts.map(({ value }) => value)).toEqual(['0183']);
    expect(explanationText(explained('d1'))).toContain('Beslutat efter katalog katalog 0184 per 2026-05-05');
    const folded = writeExplanation(explained('d1', { ...lines, earlier: [] }));
    expect(folded.parameter?.filter(({ name }) => ['folded', 'fact', 'not-chosen'].includes(name))).toEqual([
      { name: 'folded', valueBoolean: true },
    ]);
  });

  it('is none for one who may not see that it was told, nor of a notice that is not there', () => {
    expect(seenBy('0183')).toBeUndefined();
    expect(explanationOf(LINES, 'd2', OPERATOR_VIEW, undefined)).toBeUndefined();
  });

  it('has for a party what stood in its own notice, and nothing of the decision', () => {
    const own = ownExplanation(
      { kind: 'INS', recipient: '0184', ground: 'LUS_2KAP', sent: SENT, needs: ['SOC'] },
      '0183',
    );
    expect(own).toMatchObject({ notChosen: [], waiting: [], withheld: [], asked: { text: ANOTHERS_FACT } });
    expect(explanationText(own)).toContain('behov: SOC (meddelandet)');
  });

  it('is the same as text and part by part', () => {
    const explanation = seenBy(OPERATOR_VIEW, '0199');
    const { parameter = [] } = writeExplanation(explanation!);
    expect(parameter[0]).toEqual({ name: 'text', valueString: explanationText(explanation!) });
    // Facts and roles stand in the text as people say them.
    const parts = parameter
      .filter(({ name }) => !['text', 'fact', 'waiting'].includes(name))
      .flatMap(({ part = [] }) => part.flatMap(({ valueString }) => valueString ?? []));
    for (const part of parts) expect(explanationText(explanation!)).toContain(part);
    expect(parameter.map(({ name }) => name)).toEqual([
      'text',
      'told',
      'asked',
      'fact',
      'fact',
      'rule',
      'rule',
      'rule',
      'not-chosen',
      'not-chosen',
      'waiting',
      'withheld',
    ]);
  });
});
