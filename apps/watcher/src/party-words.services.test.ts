import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ANSWER_CODES, PartyDirectory, type PartyStatement } from '#libs/domain';
import { consent, directory, message, need, SOLNA } from '../test/ward.ts';
import { Watch } from '../test/watch.ts';

const answers = Object.fromEntries(ANSWER_CODES.map((code) => [code, '2018-01-01']));
const ANSWERING = new PartyDirectory({
  version: 'answering',
  parties: directory.all().map((party) => ({ ...party, answers })),
});
const ADMISSION = message('A01', { sent: '04 08:30', facts: [need('SOC', '04 08:00'), consent('Y', '04 08:00')] });
const INS = `INS|${SOLNA}|INS|${ADMISSION.eventId}`;
const KVI: PartyStatement = { kind: 'acknowledged' };

let watch: Watch;
beforeAll(async () => {
  watch = await Watch.begin();
});
afterAll(() => watch.end());
const begin = async (): Promise<void> => {
  await watch.clear();
  watch.county = { version: 'answering', directory: ANSWERING };
  await watch.events(ADMISSION);
  await watch.receipt('v1', INS, '04 08:31');
};
const ofParty = async (): Promise<string[]> => (await watch.open()).filter((one) => /^(?:INS-08|PLA-01)/.test(one));

describe('what the parties say', () => {
  it('is missed when its time has passed, by a receipt that came in time and had nobody judged', async () => {
    await begin();
    await watch.judgeAt('05 08:31');
    expect(await ofParty()).toEqual([]);
    await watch.judgeAt('05 08:32');
    expect(await ofParty()).toEqual(['INS-08 2']);
  });

  it('closes what it was missing in, twice as once, and opens it again when it is taken back', async () => {
    await begin();
    await watch.judgeAt('05 12:00');
    await watch.answers({ party: SOLNA, sent: '05 13:00', says: KVI, id: 'kvi' });
    await watch.answers({ party: SOLNA, sent: '05 13:00', says: KVI, id: 'kvi' });
    expect(await ofParty()).toEqual([]);
    expect(await watch.closed()).toContain('INS-08 came-late');
    await watch.answers({ party: SOLNA, sent: '05 14:00', says: { kind: 'undone', eventId: 'kvi', code: 'KVI' } });
    expect(await ofParty()).toEqual(['INS-08 2']);
  });

  it('before any message of the stay is no word of it', async () => {
    await watch.clear();
    watch.county = { version: 'answering', directory: ANSWERING };
    await watch.answers({ party: SOLNA, sent: '03 13:00', says: KVI, id: 'early' });
    await watch.events(ADMISSION);
    await watch.receipt('v1', INS, '04 08:31');
    await watch.judgeAt('05 12:00');
    expect(await ofParty()).toEqual(['INS-08 2']);
  });

  it('is warned of while it can still come, and the warning ends with the word', async () => {
    await begin();
    const given = async (): Promise<string[]> =>
      (await watch.said('tasks')).map(({ value }) => `${String(value['status'])} ${String(value['description'])}`);
    await watch.judgeAt('05 02:00');
    expect(await given()).toEqual([]);
    await watch.judgeAt('05 03:00');
    expect(await given()).toEqual(['requested Snart förfaller: Inskrivningsmeddelandet är inte kvitterat.']);
    await watch.answers({ party: SOLNA, sent: '05 07:00', says: KVI });
    expect((await given()).at(-1)).toMatch(/^completed/);
  });
});
