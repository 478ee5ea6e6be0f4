import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isUnreadable, readNoticeBundle, type NoticeView } from '#libs/fhir';
import { notice, type NoticeOptions } from '../testing/samples.ts';
import { tell, UNHEARD, type ToldStay } from './told-stay.ts';

function view(options: NoticeOptions): NoticeView {
  const read = readNoticeBundle(notice(options));
  if (isUnreadable(read)) throw new Error(read.unreadable);
  return read;
}

const INS = view({ id: 'ins' });
const BUT = view({ id: 'but', content: { kind: 'BUT' } });
const UTS = view({ id: 'uts', content: { kind: 'UTS' } });
const BACK = view({ id: 'back', content: { kind: 'UTS' }, withdraws: ['uts'] });
const INS_OFF = view({ id: 'ins-off', content: { kind: 'INS' }, withdraws: ['ins'] });
const BUT_OFF = view({ id: 'but-off', content: { kind: 'BUT' }, withdraws: ['but'] });

function told(...notices: readonly NoticeView[]) {
  let stay: ToldStay = UNHEARD;
  const tellings = notices.map((one) => {
    const telling = tell(stay, one);
    stay = telling.stay;
    return telling;
  });
  return { stay, tellings, encounter: tellings.at(-1)?.encounter };
}

describe('a stay as a party was told of it', () => {
  it('is in progress, planned, finished, and in progress again when the discharge is taken back', () => {
    const steps = [INS, BUT, UTS, BACK];
    const states = steps.map((_, n) => told(...steps.slice(0, n + 1)).encounter);
    expect(states.map((one) => one?.status)).toEqual(['in-progress', 'in-progress', 'finished', 'in-progress']);
    expect(states.map((one) => one?.extension?.[0]?.valueDateTime)).toEqual([
      '2026-05-12',
      '2026-05-14',
      '2026-05-14',
      '2026-05-14',
    ]);
    expect(told(...steps).encounter).not.toHaveProperty('period');
    expect(told(...steps).stay.version).toBe(4);
  });

  it('says nothing once all is withdrawn: not even that it ended or never was (rules 12.2)', () => {
    const { encounter } = told(INS, BUT, INS_OFF, BUT_OFF);
    expect(encounter).toMatchObject({ status: 'unknown' });
    expect(encounter).not.toHaveProperty('extension');
  });

  it('falls back to what stands when only the later date is withdrawn', () => {
    expect(told(INS, BUT, BUT_OFF).encounter?.extension?.[0]?.valueDateTime).toBe('2026-05-12');
  });

  it('does not change, in any part, by a notice that it has had', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([INS, BUT, UTS, BACK, INS_OFF, BUT_OFF], { minLength: 1 }), (notices) => {
        const { stay } = told(...notices);
        for (const one of notices) {
          expect(tell(stay, one)).toMatchObject({ stay, fresh: false, changed: false, withdrawn: [] });
        }
      }),
    );
  });

  it('ends with the same notices withdrawn, whichever overtook which', () => {
    const all = [INS, BUT, UTS, BACK, BUT_OFF];
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (notices) => {
        const { stay, tellings } = told(...notices);
        expect(
          stay.notices
            .filter(({ withdrawn }) => withdrawn)
            .map(({ id }) => id)
            .sort(),
        ).toEqual(['but', 'uts']);
        const marked = tellings.flatMap((one, n) => [
          ...one.withdrawn,
          ...(one.alreadyWithdrawn ? [notices[n]?.deliveryId] : []),
        ]);
        expect(new Set(marked)).toEqual(new Set(['but', 'uts']));
      }),
    );
  });
});
