import { describe, expect, it } from '@jest/globals';
import type { PersonEvent } from '../events/person-event.ts';
import { inStay, knownSince } from '../person/person-in-stay.ts';
import { claimOf, protectionAt, protectionBy, protectionIn } from '../person/protection.ts';
import { expecting, history, may, message, need, REGION_CLINIC, SOLNA } from '../ward.fixture.ts';
import { origin } from './changed-recipients.fixture.ts';

describe('a protection that the operator lifts (DEC-23)', () => {
  const facts = [need(['SOC', 'ROV'], '04 08:15')];
  const label = { protection: 'sekretessmarkering' } as const;
  const stayOf = (stayId: string, sent: string, more: object) => message('A01', { stay: stayId, sent, facts, ...more });
  const MARKED = stayOf('stay', '04 08:30', { patient: label, encounter: expecting('10') });
  const OTHER = stayOf('other', '04 09:00', { encounter: { ...expecting('10'), protection: 'unknown' } });
  const word = (intake: string, says: PersonEvent['says'], eventId = `word ${intake}`): PersonEvent => ({
    ...{ ...origin(intake), eventId, inboundId: eventId, patientIds: [MARKED.patientId], saidBy: 'Anna', trigger: '' },
    ...{ at: may(intake), sentAt: may(intake), says, findings: [] },
  });
  const lifted = word('05 10:00', { kind: 'protection-lifted', reason: 'Enligt register', visit: 'stay' });
  const undone = word('05 12:00', { kind: 'undone', eventId: lifted.eventId });
  const told = (stayId: string, ...said: PersonEvent[]) => {
    const all = [MARKED, OTHER].map((event) => [event, ...inStay([event], said, (id, stay) => `${id} ${stay}`)]);
    const claims = all.flat().flatMap((event) => claimOf(event) ?? []);
    const own = all.find(([event]) => event?.stayId === stayId) ?? [];
    const { acts: made, stay, duties } = history(own, [], protectionIn(knownSince(own), claims));
    return {
      acts: made.map(({ recipient, at, ended }) => [recipient, at, ended?.cause]),
      ...{ protection: stay.protection, waits: duties.some(({ code }) => code === 'ROUTE-BY-HAND') },
    };
  };

  it('lets be told what waited, in every stay of the person, from the lifting on', () => {
    expect(told('stay')).toEqual({ acts: [], protection: 'sekretessmarkering', waits: true });
    expect(told('stay', lifted)).toEqual({
      acts: [
        [SOLNA, may('05 10:00'), undefined],
        [REGION_CLINIC, may('05 10:00'), undefined],
      ],
      ...{ protection: undefined, waits: false },
    });
  });

  it('leaves what was said of another visit alone', () => {
    expect(told('other', lifted)).toEqual({ acts: [], protection: 'unknown', waits: true });
  });

  it('never was, when that is undone: what was told of the person by it is taken back', () => {
    for (const order of [
      [lifted, undone],
      [undone, lifted],
    ]) {
      expect(told('stay', ...order)).toEqual(told('stay'));
    }
  });

  it('holds until somebody says anew that the person is protected', () => {
    const again = word('06 10:00', { kind: 'described', patient: { identities: [], ...label } });
    expect(told('stay', lifted, again).protection).toBe('sekretessmarkering');
    const { patientId } = MARKED;
    const claims = [MARKED, ...inStay([MARKED], [lifted, again], (id) => id)].flatMap((event) => claimOf(event) ?? []);
    const protection = protectionBy(claims);
    const at = (instant: string) => protectionAt(protection, may(instant))?.label;
    expect([at('04 08:29'), at('04 08:30'), at('05 10:00'), at('06 09:59'), at('06 10:00')]).toEqual([
      ...[undefined, 'sekretessmarkering', undefined, undefined, 'sekretessmarkering'],
    ]);
    expect(claims.every((claim) => claim.patientId === patientId)).toBe(true);
  });
});
