import { describe, expect, it } from '@jest/globals';
import type { PartyEvent } from '#libs/domain';
import { county, faultsOf, ids, INTAKE } from '../../test/reading.ts';
import { TRANSLATOR_REVISION, type Translation } from '../translation.ts';
import { readReply } from './read-reply.ts';

const STAY = '00000051-0000-8000-8000-000000000001';
const ABOUT = '000000d1-0000-8000-8000-000000000001';

function reading(form: object, sender = '0184'): Translation {
  const bytes = Buffer.from(JSON.stringify(form));
  const inboundId = ids.inbound(sender, bytes, 'key');
  return readReply({ inboundId, sender, bytes, intakeAt: INTAKE, intakeStamp: INTAKE * 1000 }, { county, ids });
}

function eventOf(form: object, sender = '0184'): PartyEvent {
  const translation = reading(form, sender);
  if (translation.kind !== 'party-events') throw new Error(faultsOf(translation).join(' '));
  return translation.events[0]!;
}

describe('a reply', () => {
  it('becomes one event of the party that the ingress knows', () => {
    const event = eventOf({ code: 'RET', stay: STAY, about: ABOUT, reason: 'NOT-REGISTERED-HERE', rightParty: '0182' });
    expect(event).toEqual({
      ...{ eventId: ids.event(event.inboundId, 0), inboundId: event.inboundId, ordinal: 0 },
      ...{ revision: TRANSLATOR_REVISION, intakeAt: INTAKE, intakeStamp: INTAKE * 1000, sentAt: INTAKE },
      ...{ stayId: STAY, party: '0184', about: ABOUT },
      says: { kind: 'returned', reason: 'NOT-REGISTERED-HERE', proposal: '0182' },
    });
  });

  it.each([
    ['2026-05-10T14:00', '2026-05-10T14:00:00+02:00'],
    ['2026-05-10T12:00:00Z', '2026-05-10T14:00:00+02:00'],
    // Said after it was heard.
    ['2026-05-11T08:00', new Date(INTAKE).toISOString()],
  ])('said %s counts from %s', (sent, expected) => {
    expect(eventOf({ code: 'KVI', stay: STAY, about: ABOUT, sent }).sentAt).toBe(Date.parse(expected));
  });

  it.each<[object, string, string[]]>([
    [{ code: 'KVI', stay: STAY }, '0184', ['bad-form@$.about']],
    [{ code: 'KVI', stay: STAY, about: ABOUT }, '0180', ['unknown-party@']],
    [{ code: 'QUERY', stay: STAY, about: ABOUT, text: 'x' }, '0184', ['ground-not-stated@$.grounds']],
  ])('that cannot be taken is rejected: %j of %s', (form, sender, expected) => {
    expect(faultsOf(reading(form, sender))).toEqual(expected);
  });

  it.each<[object, string | undefined, string | undefined]>([
    [{ code: 'QUERY', stay: STAY, about: ABOUT, text: 'x' }, 'QUERY', ABOUT],
    [{ code: 'KVI', stay: STAY, about: ABOUT, more: 1 }, 'KVI', ABOUT],
    [{ code: 'KVI', stay: STAY, about: '191212121212' }, 'KVI', undefined],
    [{ code: '191212121212', stay: STAY, about: ABOUT }, undefined, ABOUT],
  ])('%j that is rejected says which notice it answers, and nothing else of its bytes', (form, trigger, controlId) => {
    const translation = reading(form);
    expect(translation).toMatchObject({ kind: 'rejection' });
    expect(translation).toEqual(
      expect.objectContaining({ ...(trigger && { trigger }), ...(controlId && { controlId }) }),
    );
    expect(JSON.stringify(translation)).not.toContain('191212121212');
  });
});
