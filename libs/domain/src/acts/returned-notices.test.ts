import { describe, expect, it } from '@jest/globals';
import { judge } from '../deviations/registry.ts';
import { around } from '../deviations/ward-stay.fixture.ts';
import type { PartyStatement } from '../events/party-event.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { expecting, fact, history, inForce, JARVA, may, message, need, REGION_CLINIC, SOLNA } from '../ward.fixture.ts';
import { acts, ADMITTED, returned, said, SUNDBYBERG, waiting } from './changed-recipients.fixture.ts';

const undoneBy = ({ eventId }: StayEvent): PartyStatement => ({ kind: 'undone', eventId, code: 'RET' });

const misaddressed = (events: readonly StayEvent[]): string[] => {
  const all = history(events);
  const received = new Map(all.acts.map((act) => [act.key, act.at]));
  const { deviations } = judge(all, around('20 00:00', { received }));
  return deviations.flatMap(({ code, occasion }) => (/^(INS-06|SEK)/.test(code) ? [`${code} ${occasion}`] : []));
};

describe('a notice that is returned', () => {
  it('was wrongly addressed: the INS that, what holds more a breach; taken back it was right after all', () => {
    const sentBack = returned(SOLNA, '05 09:00', SUNDBYBERG);
    expect(misaddressed([ADMITTED])).toEqual([]);
    expect(misaddressed([ADMITTED, sentBack])).toEqual([`INS-06 ${SOLNA}`]);
    expect(misaddressed([ADMITTED, sentBack, said(SOLNA, '05 10:00', undoneBy(sentBack))])).toEqual([]);
    const facts = [fact('CONSENT', 'Y', '04 09:00'), fact('READY', 'Y', '04 09:00')];
    const ready = message('A08', { id: 'ready', sent: '04 09:10', facts });
    expect(misaddressed([ADMITTED, ready, sentBack])).toEqual([`INS-06 ${SOLNA}`, `SEK-02 ${SOLNA}`]);
  });

  it('is withdrawn from the one who sent it back and goes to the one proposed: two acts, each with its own time', () => {
    const events = [ADMITTED, returned(SOLNA, '05 09:00', SUNDBYBERG)];
    const { acts: all, returns } = history(events);
    expect(all.map(({ recipient, at, ended }) => [recipient, at, ended?.at, ended?.cause])).toEqual([
      [SOLNA, may('04 08:30'), may('05 09:00'), 'returned'],
      [SUNDBYBERG, may('05 09:00'), undefined, undefined],
    ]);
    expect(returns).toMatchObject([{ by: SOLNA, at: may('05 09:00') }]);
  });

  it('is told no more to the one who had it, and the withdrawal has gone there (MC-28)', () => {
    const events = [
      ADMITTED,
      returned(SOLNA, '05 09:00', SUNDBYBERG),
      message('A08', { sent: '06 08:00', encounter: expecting('12') }),
      message('A11', { sent: '07 08:00' }),
    ];
    expect(acts(events)).toEqual([
      `${SOLNA} INS returned`,
      `${SUNDBYBERG} INS cancelled`,
      `${SUNDBYBERG} BUT cancelled`,
    ]);
  });

  it.each([
    ['without a proposal', [returned(SOLNA, '05 09:00')]],
    ['with a proposal of another kind', [returned(SOLNA, '05 09:00', REGION_CLINIC)]],
    ['a second time', [returned(SOLNA, '05 09:00', SUNDBYBERG), returned(SUNDBYBERG, '05 10:00', JARVA)]],
  ])('%s goes to a person, and nobody has it', (_name, returns) => {
    const events = [ADMITTED, ...returns];
    expect(inForce(events)).toEqual([]);
    expect(waiting(history(events))).toEqual(['municipality']);
  });

  it('by one who was told nothing changes nothing', () => {
    expect(acts([ADMITTED, returned(SUNDBYBERG, '05 09:00', JARVA)])).toEqual([`${SOLNA} INS`]);
  });

  it('is the party’s own to take back; then it has it again', () => {
    const first = returned(SOLNA, '05 09:00', SUNDBYBERG);
    const back = said(SOLNA, '05 10:00', { kind: 'undone', eventId: first.eventId, code: 'RET' });
    const others = said(SUNDBYBERG, '05 10:00', { kind: 'undone', eventId: first.eventId, code: 'RET' });
    expect(acts([ADMITTED, first, back])).toEqual([
      `${SOLNA} INS returned`,
      `${SUNDBYBERG} INS other-recipient`,
      `${SOLNA} INS`,
    ]);
    expect(acts([ADMITTED, first, others])).toEqual([`${SOLNA} INS returned`, `${SUNDBYBERG} INS`]);
  });

  it('says nothing of another person on the same visit (DEC-18)', () => {
    const other = message('A08', {
      sent: '06 08:00',
      facts: [need('SOC', '06 07:00')],
      patient: {
        identities: [
          { type: 'personnummer', system: 'http://electronichealth.se/identifier/personnummer', value: '189001019802' },
        ],
      },
    });
    expect(inForce([ADMITTED, returned(SOLNA, '05 09:00', SUNDBYBERG), other])).toEqual([
      `${SOLNA} INS 2026-05-10 SOC`,
    ]);
  });
});
