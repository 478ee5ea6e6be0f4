import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR, parametersOn } from '#libs/domain';
import { Metrics } from '#libs/platform';
import { answerBreaches } from '../../../../test/docs/answer-breaches.ts';
import { may, message, need } from '../../test/ward.ts';
import { Watch } from '../../test/watch.ts';
import { measureSenders, sendersReport, type SendersReport } from './sender-report.ts';

let watch: Watch;
beforeAll(async () => {
  watch = await Watch.begin();
});
afterAll(() => watch.end());
beforeEach(() => watch.clear());

const WARD = { ward: 'SE2321000016-1001' };
const OTHER = { ward: 'SE2321000016-1002' };
const until = may('06 12:00');
const report = (since = until - 24 * HOUR): Promise<SendersReport> =>
  sendersReport(watch.pool, { since, until }, (date) => parametersOn(date));

async function aDay(): Promise<void> {
  const findings = [{ grade: 'unstated', code: 'bad-timestamp', place: 'PV2-9' }] as const;
  await watch.events(
    message('A01', { sent: '05 08:00', encounter: WARD, facts: [need('SOC', '05 08:00')] }),
    { ...message('A01', { visit: 'v2', sent: '05 13:00', encounter: WARD }), findings },
    message('A01', { visit: 'v3', sent: '05 13:00', encounter: OTHER, facts: [need('NONE', '05 13:00')] }),
  );
  for (const visit of ['v1', 'v2', 'v3']) {
    await watch.events(
      message('A03', {
        visit,
        sent: '06 11:00',
        encounter: {
          ...(visit === 'v3' ? OTHER : WARD),
          end: { iso: '2026-05-06T08:50Z', precision: 'minute', start: may('06 10:50'), end: may('06 10:51') },
        },
      }),
    );
  }
  await watch.rejected('v9', '06 09:00', 'A08', ['BRY-2003', 'BRY-2004']);
}

describe('the report on senders', () => {
  it('says per ward what came, how often, what was wrong, and what was said of need when stays ended (DEC-09)', async () => {
    await aDay();
    const answer = await report();
    expect(answerBreaches('GET', '/operations/senders', 200, answer)).toEqual([]);
    const { senders, discharges } = answer;
    expect(discharges).toEqual({ stays: 3, stated: 1, none: 1, notStated: 1 });
    expect(senders).toEqual([
      {
        sender: 'KS',
        wards: [
          {
            ...{ ward: WARD.ward, lastMessage: '2026-05-06T09:00:00.000Z', messages: 3, perHour: 0.125, onTheWay: 0 },
            findings: [expect.objectContaining({ code: 'BRY-2008', grade: 'unstated', messages: 1 })],
            discharges: { stays: 2, stated: 1, none: 0, notStated: 1 },
          },
          {
            ...{ ward: OTHER.ward, lastMessage: '2026-05-06T09:00:00.000Z', messages: 2, perHour: 0.083, onTheWay: 0 },
            findings: [],
            discharges: { stays: 1, stated: 0, none: 1, notStated: 0 },
          },
        ],
        refusals: [
          expect.objectContaining({ code: 'BRY-2003', messages: 1, share: 0.167 }),
          expect.objectContaining({ code: 'BRY-2004', messages: 1, share: 0.167 }),
        ],
      },
    ]);
  });

  it('counts nothing twice that comes again, and no stay whose discharge was taken back', async () => {
    await aDay();
    const before = await report();
    await aDay();
    expect(await report()).toEqual(before);
    await watch.events(message('A13', { visit: 'v3', sent: '06 11:30', encounter: OTHER }));
    expect((await report()).discharges).toEqual({ stays: 2, stated: 1, none: 0, notStated: 1 });
  });

  it('shows a ward whose clock is wrong, and not one message that was long on its way', async () => {
    const at = (visit: string, sent: string, intake: string, encounter: object) =>
      message('A01', { visit, sent, intake, encounter });
    await watch.events(
      ...['v1', 'v2', 'v3'].map((visit) => at(visit, '05 04:00', '06 10:00', WARD)),
      ...['v4', 'v5'].map((visit) => at(visit, '06 10:00', '06 10:00', OTHER)),
      at('v6', '05 04:00', '06 10:00', OTHER),
    );
    const [sender] = (await report()).senders;
    expect(sender?.wards.map(({ onTheWay }) => onTheWay)).toEqual([30 * 3600, 0]);
  });

  it('begins where it is asked to', async () => {
    await aDay();
    expect((await report(may('06 10:00'))).senders[0]?.wards.map(({ messages }) => messages)).toEqual([2, 1]);
    expect((await report(may('06 11:30'))).senders).toEqual([]);
  });

  it('stands on /metrics', async () => {
    await aDay();
    const metrics = new Metrics();
    measureSenders(metrics, () => report());
    await metrics.text();
    const text = await metrics.text();
    expect(text).toContain('bryggan_sender_messages_per_hour{sender="KS",ward="SE2321000016-1001"} 0.125');
    expect(text).toContain('bryggan_sender_discharges{sender="KS",ward="SE2321000016-1002",outcome="none"} 1');
    expect(text).toContain('bryggan_sender_refused_share{sender="KS",code="BRY-2003"} 0.167');
  });
});
