import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ANSWER_CODES, PartyDirectory } from '#libs/domain';
import { consent, directory, message, need, SOLNA } from '../test/ward.ts';
import { Watch } from '../test/watch.ts';

const answers = Object.fromEntries(ANSWER_CODES.map((code) => [code, '2018-01-01']));
const ANSWERING = new PartyDirectory({
  version: 'answering',
  parties: directory.all().map((party) => ({ ...party, answers })),
});

let watch: Watch;
beforeAll(async () => {
  watch = await Watch.begin();
});
afterAll(() => watch.end());

describe('after a change of rules', () => {
  it('every stay is judged again, once, some at a time, and what was said stays said', async () => {
    await watch.clear();
    for (let n = 0; n < 250; n++) {
      const facts = [need('SOC', '04 08:00'), consent('Y', '04 08:00')];
      const admission = message('A01', { visit: `r${n}`, sent: '04 08:30', facts });
      await watch.events(admission);
      await watch.receipt(`r${n}`, `INS|${SOLNA}|INS|${admission.eventId}`, '04 08:31');
    }
    await watch.judgeAt('06 12:00');
    expect(await watch.open()).toEqual([]);
    // From now on the municipality is one that answers: stands for any rule that names something new.
    watch.county = { version: 'other', directory: ANSWERING };
    await watch.judgeAt('06 12:01');
    expect(await watch.open()).toEqual([]);
    const progress = await watch.rejudgedAfterAChange();
    // How many are judged in one step is a matter of how long it takes.
    expect(progress).toEqual(progress.toSorted((a, b) => a - b));
    expect([progress.length > 1, progress.at(-1)]).toEqual([true, 1]);
    expect((await watch.open()).filter((one) => one === 'INS-08 2')).toHaveLength(250);
    const said = await watch.said('deviations');
    expect((await watch.rejudgedAfterAChange()).at(-1)).toBe(1);
    expect(await watch.said('deviations')).toEqual(said);
  });
});
