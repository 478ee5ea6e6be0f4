import { describe, expect, it } from '@jest/globals';
import { UNLISTED, type Identity, type PatientStatement } from '../events/statements.ts';
import type { StayEvent } from '../events/stay-event.ts';
import {
  expecting,
  fact,
  history,
  JARVA,
  message,
  need,
  PRIVATE_CLINIC,
  REGION_CLINIC,
  SOLNA,
} from '../ward.fixture.ts';

/*
 * Something changes while the patient is in hospital. Whoever has been told keeps it, or has it taken back because another is
 * right; whoever must be told now is; and what comes after goes to those alone. Each change of who is told is a decision of its
 * own, stated by the message that made it. (A merger of persons is in the router's tests, a directory in those of changed recipients.)
 */

const SUNDBYBERG = '0183';
const address = (municipality: string, district?: string) => ({
  address: { lines: ['Provgatan 1'], municipality, ...(district !== undefined && { district }) },
});
const RESERVE: Identity = { type: 'reservnummer-stockholm', system: 'urn:oid:1.2.752.97.3.1.3', value: '991981000010' };

interface Change {
  readonly name: string;
  /** What the ward knows at first, and the need it states. */
  readonly first?: Partial<PatientStatement>;
  readonly need: readonly string[];
  readonly change: Parameters<typeof message>[1];
  readonly trigger?: 'A02' | 'A08';
  /** `party` still told, `-party` taken back. */
  readonly told: readonly string[];
  /** Who is told of the expected discharge that is stated after. */
  readonly then: readonly string[];
  readonly decisions: number;
}

const CHANGES: readonly Change[] = [
  {
    ...{ name: 'the registered address', need: ['SOC'], change: { sent: '', patient: address(SUNDBYBERG) } },
    ...{ told: [`-${SOLNA}`, SUNDBYBERG], then: [SUNDBYBERG], decisions: 2 },
  },
  {
    ...{ name: 'the address to one that no board is found for', need: ['SOC'] },
    ...{ change: { sent: '', patient: address('0180') }, told: [SOLNA], then: [], decisions: 2 },
  },
  {
    ...{ name: 'the listed clinic', need: ['ROV'], change: { sent: '', patient: { listedClinic: PRIVATE_CLINIC } } },
    ...{ told: [`-${REGION_CLINIC}`, PRIVATE_CLINIC], then: [PRIVATE_CLINIC], decisions: 2 },
  },
  {
    ...{
      name: 'that the person is listed nowhere',
      need: ['ROV'],
      change: { sent: '', patient: { listedClinic: UNLISTED } },
    },
    ...{ told: [REGION_CLINIC], then: [], decisions: 2 },
  },
  {
    ...{ name: 'a need that is added', need: ['SOC'], change: { sent: '', facts: [need(['SOC', 'ROV'], '05 08:00')] } },
    ...{ told: [SOLNA, REGION_CLINIC], then: [SOLNA, REGION_CLINIC], decisions: 2 },
  },
  {
    ...{ name: 'a need that is no more', need: ['SOC', 'ROV'], change: { sent: '', facts: [need('ROV', '05 08:00')] } },
    ...{ told: [`-${SOLNA}`, REGION_CLINIC], then: [REGION_CLINIC], decisions: 2 },
  },
  {
    ...{
      name: 'the ward',
      need: ['SOC'],
      trigger: 'A02',
      change: { sent: '', encounter: { ward: 'SE2321000016-1002' } },
    },
    ...{ told: [SOLNA], then: [SOLNA], decisions: 1 },
  },
  {
    ...{ name: 'that the person is placed there by another municipality', need: ['SOC'] },
    change: { sent: '', facts: [fact('HOUSING', 'SABO', '05 08:00'), fact('PLACEDBY', SUNDBYBERG, '05 08:00')] },
    ...{ told: [`-${SOLNA}`, SUNDBYBERG], then: [SUNDBYBERG], decisions: 2 },
  },
  {
    ...{ name: 'where somebody stays who is registered nowhere', need: ['SOC'] },
    first: { identities: [RESERVE], address: null, stayingIn: SOLNA },
    change: { sent: '', patient: { identities: [RESERVE], address: null, stayingIn: SUNDBYBERG } },
    ...{ told: [`-${SOLNA}`, SUNDBYBERG], then: [SUNDBYBERG], decisions: 2 },
  },
  {
    ...{
      name: 'a reserve number, which turns out to be a personal number: the same patient, routed again',
      need: ['SOC'],
    },
    first: { identities: [RESERVE], address: null, stayingIn: SUNDBYBERG },
    change: { sent: '', patient: address('0180', 'jarva') },
    ...{ told: [`-${SUNDBYBERG}`, JARVA], then: [JARVA], decisions: 2 },
  },
];

const later = (change: Change['change'], sent: string) => ({ ...change, sent });

describe('a change in the middle of a stay', () => {
  it.each(CHANGES)('of $name', ({ first, need: scopes, change, trigger = 'A08', told, then, decisions }) => {
    const kept = first ?? {};
    const admitted = message('A01', {
      ...{ sent: '04 08:30', facts: [need(scopes, '04 08:15')], patient: kept, encounter: expecting('10') },
    });
    const changed = message(trigger, later(change, '05 08:30'));
    const stated = { ...change.patient };
    const after = message('A08', { sent: '06 08:30', patient: stated, encounter: expecting('12') });
    const events: readonly StayEvent[] = [admitted, changed, after];
    const { acts, decisions: made, units } = history(events);
    const inscribed = acts.filter(({ kind }) => kind === 'INS');
    const standing = new Map(inscribed.map(({ recipient, ended }) => [recipient, ended]));
    expect([...standing].map(([party, ended]) => `${ended ? '-' : ''}${party}`)).toEqual(told);
    expect(acts.filter(({ kind }) => kind === 'BUT').map(({ recipient }) => recipient)).toEqual(then);
    expect(made).toHaveLength(decisions);
    expect(made.map(({ statedBy }) => statedBy)).toEqual([admitted.eventId, changed.eventId].slice(0, decisions));
    // Whoever must be told and cannot be waits for a person: a need is never silent.
    expect(units.unresolved.length > 0).toBe(then.length === 0);
  });
});
