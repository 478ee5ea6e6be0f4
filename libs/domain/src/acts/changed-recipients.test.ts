import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  expecting,
  history,
  inForce,
  JARVA,
  may,
  message,
  need,
  PRIVATE_CLINIC,
  REGION_CLINIC,
  SOLNA,
  stated,
} from '../ward.fixture.ts';
import { acts, ADMITTED, released, returned, said, SUNDBYBERG, undone } from './changed-recipients.fixture.ts';

describe('whose the case is', () => {
  const CITY = message('A01', {
    sent: '04 08:30',
    facts: [need('SOC', '04 08:15')],
    encounter: expecting('10'),
    patient: { address: { lines: ['Provgatan 1'], municipality: '0180', district: 'jarva' } },
  });

  it('beats the address, as a board that is told has stated it (RTE-23)', () => {
    const events = [CITY, said(JARVA, '05 09:00', { kind: 'case-owned', owner: '0180-farsta' })];
    expect(acts(events)).toEqual([`${JARVA} INS other-recipient`, '0180-farsta INS']);
    const moved = message('A08', {
      sent: '06 08:00',
      patient: { address: { lines: ['Provgatan 1'], municipality: '0180', district: 'jarva' } },
    });
    expect(inForce([...events, moved])).toEqual(['0180-farsta INS 2026-05-10 SOC']);
  });

  it('is not for a board that was told nothing, nor for a party outside the municipality', () => {
    expect(acts([CITY, said('0180-farsta', '05 09:00', { kind: 'case-owned', owner: '0180-farsta' })])).toEqual([
      `${JARVA} INS`,
    ]);
    expect(acts([CITY, said(JARVA, '05 09:00', { kind: 'case-owned', owner: SOLNA })])).toEqual([`${JARVA} INS`]);
  });
});

describe('each change of who is told', () => {
  it('is kept with the decision that made it, and what states nothing new is none', () => {
    const events = [
      ADMITTED,
      message('A08', { sent: '04 20:00', encounter: expecting('11') }),
      message('A08', {
        sent: '05 08:00',
        facts: [need(['SOC', 'ROV'], '05 07:00')],
        patient: { address: { lines: ['Provgatan 1'], municipality: SUNDBYBERG } },
      }),
      returned(SUNDBYBERG, '05 12:00'),
    ];
    const { decisions } = history(events);
    expect(
      decisions.map(({ at, newlyTold, toldStill, noLongerTold, decision }) => [
        ...[at, newlyTold, toldStill, noLongerTold],
        ...[decision.directoryVersion, decision.date],
      ]),
    ).toEqual([
      [may('04 08:30'), [SOLNA], [], [], 'ward', '2026-05-04'],
      [may('05 08:00'), [SUNDBYBERG, REGION_CLINIC], [], [SOLNA], 'ward', '2026-05-05'],
      [may('05 12:00'), [], [REGION_CLINIC], [SUNDBYBERG], 'ward', '2026-05-05'],
    ]);
  });

  it('leaves no need without one recipient or one Task, whatever comes in whatever order', () => {
    const release = released('05 11:00', SUNDBYBERG);
    const all = [
      message('A08', { sent: '05 08:00', patient: { address: null } }),
      message('A08', {
        sent: '05 09:00',
        patient: { listedClinic: PRIVATE_CLINIC },
        facts: [need(['SOC', 'ROV'], '05 08:30')],
      }),
      message('A08', { sent: '05 10:00', patient: { protection: 'sekretessmarkering' } }),
      message('A08', { sent: '05 13:00', patient: { address: { lines: ['x'], municipality: SUNDBYBERG } } }),
      message('A02', { sent: '05 14:00', encounter: { ward: 'SE2321000016-1002' } }),
      message('A03', { sent: '06 14:00', encounter: { end: stated('06 13:00') } }),
      returned(SOLNA, '05 10:30', SUNDBYBERG),
      release,
      returned(SUNDBYBERG, '05 12:00'),
      undone('05 12:30', release),
      released('05 13:30', SOLNA),
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(all), (some) => {
        const at = history([ADMITTED, ...some]);
        // The order in which they come makes no difference.
        expect(history([...some, ADMITTED].reverse()).acts).toEqual(at.acts);
        const needed = (at.stay.need?.scopes ?? []).map(({ scope }) => scope);
        const told = at.acts.flatMap(({ kind, ended, content }) =>
          kind === 'INS' && !ended && content.kind === 'INS' ? content.ownNeed : [],
        );
        const byHand = at.duties.filter(({ code }) => code === 'ROUTE-BY-HAND');
        for (const scope of needed) expect(told.includes(scope) || byHand.length > 0).toBe(true);
        for (const duty of byHand) {
          expect(duty.owner).toBe('operator');
          expect(duty.due - duty.since).toBeLessThanOrEqual(24 * 3_600_000);
        }
        // Of one municipality's need at most one has a notice in force.
        const inscribed = at.acts.filter(({ kind, ended }) => kind === 'INS' && !ended);
        const municipal = new Set(inscribed.flatMap(({ recipient }) => (/^\d{4}$/.test(recipient) ? [recipient] : [])));
        if (!at.stay.protection) expect(municipal.size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 150 },
    );
  });
});
