import { describe, expect, it } from '@jest/globals';
import { judge } from '../deviations/registry.ts';
import { around } from '../deviations/ward-stay.fixture.ts';
import type { StayEvent } from '../events/stay-event.ts';
import {
  expecting,
  fact,
  history,
  inForce,
  may,
  message,
  need,
  PRIVATE_CLINIC,
  REGION_CLINIC,
  SOLNA,
} from '../ward.fixture.ts';
import {
  acts,
  ADMITTED,
  decided,
  released,
  returned,
  SUNDBYBERG,
  undone,
  waiting,
} from './changed-recipients.fixture.ts';

describe('a need that waits for a person', () => {
  const UNKNOWN = message('A01', {
    sent: '04 08:30',
    facts: [need(['SOC', 'ROV'], '04 08:15')],
    encounter: expecting('10'),
    patient: { address: null },
  });

  it('goes to whom it is released, and its Task is done', () => {
    const events = [UNKNOWN, released('04 12:00', SOLNA, { role: 'municipality' })];
    expect(inForce(events)).toEqual([`${REGION_CLINIC} INS 2026-05-10 ROV`, `${SOLNA} INS 2026-05-10 SOC`]);
    expect(waiting(history(events))).toEqual([]);
    expect(history(events).acts.at(-1)?.trace).toContainEqual({
      rule: '4.4',
      text: 'Mottagaren är vald av en människa.',
    });
  });

  it('waits again when the release is undone, or its recipient returns it', () => {
    const first = released('04 12:00', SOLNA);
    for (const end of [undone('04 13:00', first), returned(SOLNA, '04 13:00')]) {
      const events = [UNKNOWN, first, end];
      expect(inForce(events)).toEqual([`${REGION_CLINIC} INS 2026-05-10 ROV`]);
      expect(waiting(history(events))).toEqual(['municipality']);
    }
  });

  it('may be released again to the one who returned it: the person has the last word', () => {
    const events = [UNKNOWN, released('04 12:00', SOLNA), returned(SOLNA, '04 13:00'), released('04 14:00', SOLNA)];
    expect(acts(events)).toEqual([`${REGION_CLINIC} INS`, `${SOLNA} INS returned`, `${SOLNA} INS`]);
  });

  it('is never released to a party of another kind', () => {
    const events = [UNKNOWN, released('04 12:00', PRIVATE_CLINIC)];
    expect(waiting(history(events))).toEqual(['municipality']);
  });

  it('goes by the rule once the address is known, whatever was released', () => {
    const address = { lines: ['Provgatan 1'], municipality: SUNDBYBERG };
    const known = message('A08', { sent: '05 08:00', patient: { address } });
    expect(acts([UNKNOWN, released('04 12:00', SOLNA), known]).slice(1)).toEqual([
      `${SOLNA} INS other-recipient`,
      `${SUNDBYBERG} INS`,
      // A second version: the address has become known.
      `${REGION_CLINIC} INS`,
    ]);
  });

  it('on a ground of the person who releases: what the ward gave no ground for is told there too', () => {
    const ready = message('A08', {
      sent: '05 08:00',
      facts: [fact('READY', 'Y', '05 08:00')],
      patient: { address: null },
    });
    const kinds = (ground: string): string[] =>
      history([UNKNOWN, released('04 12:00', SOLNA, { ground }), ready])
        .acts.filter(({ recipient }) => recipient === SOLNA)
        .map(({ kind }) => kind);
    expect(kinds('LUS_2KAP')).toEqual(['INS']);
    expect(kinds('MENPROVNING')).toEqual(['INS', 'UTK']);
  });
});

describe('a call that is recorded', () => {
  it('is TEK-02 of the hub until its record is taken back, and tells nobody anything', () => {
    const called = decided('04 12:00', { kind: 'call-recorded', recipient: SOLNA, at: may('04 11:30'), notice: 'INS' });
    const named = (events: readonly StayEvent[]) =>
      judge(history(events), around('04 13:00'))
        .deviations.filter(({ code }) => code === 'TEK-02')
        .map(({ occasion, party, severity, due, units }) => [occasion, party, severity, due, units]);
    expect(named([ADMITTED, called])).toEqual([[called.eventId, 'hub', 1, may('04 11:30'), [SOLNA]]]);
    expect(acts([ADMITTED, called])).toEqual(acts([ADMITTED]));
    expect(named([ADMITTED, called, undone('04 13:00', called)])).toEqual([]);
  });
});

describe('a protected person', () => {
  const PROTECTED = message('A01', {
    sent: '04 08:30',
    facts: [need(['SOC', 'ROV'], '04 08:15')],
    encounter: expecting('10'),
    patient: { protection: 'sekretessmarkering' },
  });

  it('is told only to whom it was released, by name, and the rest waits', () => {
    const events = [PROTECTED, released('04 12:00', SUNDBYBERG)];
    expect(acts(events)).toEqual([`${SUNDBYBERG} INS`]);
    expect(waiting(history(events))).toEqual(['protected']);
    const both = [...events, released('04 13:00', REGION_CLINIC)];
    expect(acts(both)).toEqual([`${SUNDBYBERG} INS`, `${REGION_CLINIC} INS`]);
    expect(waiting(history(both))).toEqual([]);
    expect(history(both).acts.every(({ content }) => content.person.address === undefined)).toBe(true);
  });

  it('is told on to them, and withdrawn when the release is undone', () => {
    const first = released('04 12:00', SUNDBYBERG);
    const later = message('A08', { sent: '05 08:00', encounter: expecting('12') });
    expect(acts([PROTECTED, first, later])).toEqual([`${SUNDBYBERG} INS`, `${SUNDBYBERG} BUT`]);
    expect(acts([PROTECTED, first, later, undone('05 09:00', first)])).toEqual([
      `${SUNDBYBERG} INS release-undone`,
      `${SUNDBYBERG} BUT release-undone`,
    ]);
  });
});
