import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { StayNotices } from './stay-notices.ts';
import type { ToldNotice } from './told-notices.ts';

const told = (ordinal: number, kind: 'INS' | 'BUT', recipient: string, act: number): ToldNotice => ({
  ...{
    id: `notice ${ordinal}`,
    actId: `act ${act}`,
    actKey: `act ${act}`,
    stayId: 'stay',
    slot: kind,
    kind,
    recipient,
  },
  ...{ statedBy: 'event', generation: 0, ordinal, contentHash: '', act: '{}', toldAt: ordinal },
});

describe('what was told of a stay', () => {
  it('answers what a look at all of it would', () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constantFrom('INS' as const, 'BUT' as const),
        to: fc.constantFrom('A', 'B'),
        act: fc.nat(4),
      }),
      fc.record({ withdraw: fc.nat(20), by: fc.nat(3) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        const notices = new StayNotices();
        const all: ToldNotice[] = [];
        for (const one of steps) {
          if ('to' in one) all.push(told(all.length, one.kind, one.to, one.act));
          else {
            const known = all[one.withdraw];
            if (!known || known.withdrawn) continue;
            // A withdrawal goes to one recipient.
            all[one.withdraw] = { ...known, withdrawn: { by: `${known.recipient} ${one.by}`, at: 1 } };
          }
          const changed = 'to' in one ? all.at(-1) : all[one.withdraw];
          if (changed) notices.put(changed);
        }
        expect(notices.all()).toEqual(all);
        for (const recipient of ['A', 'B']) {
          const own = all.filter((notice) => notice.recipient === recipient);
          const withdrawals = new Set(own.flatMap(({ withdrawn }) => withdrawn?.by ?? []));
          expect(notices.sentTo(recipient)).toBe(own.length + withdrawals.size);
          for (const by of withdrawals) expect(notices.isWithdrawal(by)).toBe(true);
          expect(notices.latestOfSlot(recipient, 'BUT', 3)).toEqual(own.filter(({ slot }) => slot === 'BUT').slice(-3));
        }
        for (const actKey of ['act 0', 'act 1']) {
          const ofAct = all.filter((notice) => notice.actKey === actKey);
          expect(notices.timesTold(actKey)).toBe(ofAct.length);
          expect(notices.standing(actKey)).toEqual(ofAct.findLast(({ withdrawn }) => !withdrawn));
        }
        const latest = notices.latest(4);
        expect(latest).toEqual(expect.arrayContaining(all.slice(-4)));
        expect(latest.length).toBeLessThanOrEqual(8);
        for (const one of all) {
          const isLast = !all.some(
            ({ kind, recipient, ordinal }) => kind === one.kind && recipient === one.recipient && ordinal > one.ordinal,
          );
          if (isLast) expect(latest).toContainEqual(one);
        }
      }),
    );
  });
});
