import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Parameters } from 'fhir/r4.js';
import { OPERATOR_VIEW, SENDER_VIEW } from '#libs/fhir';
import { operationBreaches } from '../../../../test/docs/operation-breaches.ts';
import { IDS, KS, NOON, notice, receipt, saidStay } from '../testing/samples.ts';
import { PortalUnderTest, type Answer } from '../testing/portal-under-test.ts';

const OWN = [SENDER_VIEW, OPERATOR_VIEW];
const REASON = { 'x-reason': 'kontroll av felsänt meddelande' };
let portal: PortalUnderTest;

beforeAll(async () => {
  portal = await PortalUnderTest.start();
  const told = notice({ stay: 's', id: 'told', sent: NOON });
  await portal.deliver('0184', told);
  const line = { delivery: 'told', kind: 'INS', recipient: '0184', ground: 'LUS_2KAP', statedBy: 'e', seenBy: OWN };
  await portal.stays({
    ...saidStay({ visit: 's' }),
    told: [
      {
        ...{ ...line, sent: new Date(NOON).toISOString() },
        trace: [{ rule: 'RTE-01', text: 'Folkbokförd i Solna.', seenBy: OWN }],
        decision: 'e',
      },
    ],
    earlier: [
      {
        key: 'e',
        facts: [
          { fact: 'address', value: 'Solna', source: 'avdelningen', seenBy: OWN },
          { fact: 'caseOwner', value: '0183', source: 'svar', seenBy: [OPERATOR_VIEW] },
        ],
        rules: [{ rule: 'RTE-01', basis: 'SoL 29:3', from: '2025-07-01' }],
        ...{ notChosen: [], waiting: [] },
      },
    ],
    decision: {
      facts: [{ fact: 'address', value: 'Nacka', source: 'avdelningen', seenBy: OWN }],
      rules: [{ rule: 'RTE-01', basis: 'SoL 29:3', from: '2025-07-01' }],
      ...{ notChosen: [], waiting: [] },
    },
  });
  await portal.receipts(receipt(told));
});
afterAll(() => portal.stop());

const explain = (caller: string, more = '', headers = {}): Promise<Answer> =>
  portal.get(caller, `/Communication/told/$explain${more}`, headers);
const textOf = ({ json }: Answer) => (json as Parameters).parameter?.[0]?.valueString ?? '';

describe('Communication/<id>/$explain', () => {
  it('tells the sender why the hub chose whom it chose, and of another party’s fact only that there is one', async () => {
    const answer = await explain('sender:KS');
    expect(answer.status).toBe(200);
    expect(operationBreaches('explain', answer.json as Parameters)).toEqual([]);
    expect(textOf(answer)).toContain('Folkbokförd i Solna. [RTE-01]');
    expect(textOf(answer)).toContain('RTE-01: SoL 29:3 (från 2025-07-01)');
    expect(textOf(answer)).toContain('adress: Solna');
    expect(answer.text).not.toMatch(/0183|Nacka/);
  });

  it('tells the recipient what stood in its notice, and not why it was chosen', async () => {
    const answer = await explain('0184', '?party=0183');
    expect(answer.status).toBe(200);
    expect(operationBreaches('explain', answer.json as Parameters)).toEqual([]);
    expect(answer.text).not.toMatch(/Folkbokförd|caseOwner|har ärendet/);
    expect(textOf(answer)).toContain('uppgift från annan part');
  });

  it('tells the operator everything, for a reason, and keeps who looked', async () => {
    expect((await explain('operator')).status).toBe(400);
    const whole = await explain('operator', '', REASON);
    expect(textOf(whole)).toContain('har ärendet: 0183 (svar)');
    expect(operationBreaches('explain', whole.json as Parameters)).toEqual([]);
    const { rows } = await portal.owner.query('select caller, stay_id, reason from explanation_access');
    expect(rows).toEqual([{ caller: 'operator', stay_id: IDS.stay(KS, 's'), reason: REASON['x-reason'] }]);
  });

  it('is not there for all others, in the same words as a notice that never was', async () => {
    const nothing = await portal.get('0186', '/Communication/never/$explain');
    for (const caller of ['0186', 'sender:DS', 'storsthlm']) {
      for (const more of ['', '?party=0184']) {
        const answer = await explain(caller, more, REASON);
        expect([answer.status, answer.text]).toEqual([404, nothing.text]);
      }
    }
  });

  it('is asked with GET, of a party that can be one', async () => {
    expect((await portal.ask('/Communication/told/$explain', { method: 'POST' })).status).toBe(401);
    expect((await explain('0184', '?party=%3Cscript%3E')).status).toBe(400);
    expect((await portal.get('0184', '/Encounter/told/$explain')).status).toBe(404);
  });
});
