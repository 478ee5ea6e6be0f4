import { describe, expect, it } from '@jest/globals';
import { adt, PNR, type AdtParts } from '../../test/adt.ts';
import { eventOf, faultsOf, findingsOf, KS, read, stayEventOf } from '../../test/reading.ts';

const OTHER = '189001019802^^^&1.2.752.129.2.1.3.1&ISO^NI';
const withMore = (...segments: readonly string[]): string => `${adt()}${segments.join('\r')}\r`;

describe('a second patient or visit in one message', () => {
  it.each<[string, string, readonly string[]]>([
    ['another person', `PID|2||${OTHER}||Annan^Person`, ['several-patients@PID-3']],
    ['another visit', 'PV1|2|I|11||||||||||||||||V-2', ['several-visits@PV1-19']],
    ['both', `PID|2||${OTHER}\rPV1|2|I|11||||||||||||||||V-2`, ['several-visits@PV1-19', 'several-patients@PID-3']],
  ])('of %s: nobody can tell whose the rest is', (_, segments, faults) => {
    expect(faultsOf(read(withMore(segments)))).toEqual(faults);
  });

  it.each([
    ['the same person', `PID|2||${PNR}||Tolvan^Tolv`, 'PID'],
    ['the same person by another of its numbers', `PID|2||4711^^^KS^MR~${PNR}`, 'PID'],
    ['nobody', 'PID|2|||||', 'PID'],
    ['the same visit', 'PV1|2|I|12||||||||||||||||V-1001', 'PV1'],
    ['no visit', 'PV1|2|N', 'PV1'],
  ])('of %s is a note, and the first holds', (_, segment, place) => {
    const event = stayEventOf(withMore(segment));
    expect(event.findings.map(({ grade, code, place }) => `${grade} ${code}@${place}`)).toEqual([
      `noted repeated-segment@${place}`,
    ]);
    expect(event.encounter.ward).toBe('SE2321000016-1001');
  });

  it('is what a merge is made of: a group for each', () => {
    const groups = `PID|1||${PNR}\rMRG|${OTHER}\rPID|2||201212121212^^^SKV^PN\rMRG|199912319999^^^KS^MR`;
    const [head] = adt({ trigger: 'A40' }).split('\rPID');
    expect(read(`${head ?? ''}\r${groups}\r`)).toMatchObject({ kind: 'events', events: [{}, {}] });
  });
});

describe('an admission that is said before it is', () => {
  const AHEAD = '20260511143000';
  it.each<[string, AdtParts, readonly string[]]>([
    ['A01', { pv1: { 44: AHEAD } }, ['unstated admission-after-message@PV1-44']],
    ['A06', { trigger: 'A06', pv1: { 44: AHEAD } }, ['unstated admission-after-message@PV1-44']],
    [
      'A08 that says an admission by its time',
      { trigger: 'A08', pv1: { 44: AHEAD } },
      ['unstated admission-after-message@PV1-44'],
    ],
    ['A01 of a day to come', { pv1: { 44: '20260512' } }, ['unstated admission-after-message@PV1-44']],
    [
      'A01 with EVN-6 too',
      { pv1: { 44: AHEAD }, evn: { 6: AHEAD } },
      [
        'unstated admission-after-message@PV1-44',
        'unstated admission-after-message@EVN-6',
        'flagged no-admission-time@PV1-44',
      ],
    ],
  ])('%s has no time that is believed', (_, parts, findings) => {
    expect(eventOf(parts).encounter).not.toHaveProperty('start');
    expect(findingsOf(parts)).toEqual(findings);
  });

  it.each<[string, AdtParts]>([
    ['two hours ahead, as a clock of another zone', { pv1: { 44: '20260510163000' } }],
    ['tomorrow, of a planned admission (A05)', { trigger: 'A05', pv1: { 44: AHEAD } }],
    ['tomorrow, of class P', { pv1: { 2: 'P', 44: AHEAD } }],
    ['today as a day', { pv1: { 44: '20260510' } }],
    ['tomorrow, in an A08 about a visit of class P', { trigger: 'A08', pv1: { 2: 'P', 44: AHEAD } }],
  ])('stands: %s', (_, parts) => {
    expect(eventOf(parts).encounter.start).toBeDefined();
    expect(findingsOf(parts)).toEqual([]);
  });

  it('is one of when the message was sent', () => {
    const { at, sentAt } = eventOf({ pv1: { 44: AHEAD }, evn: { 6: AHEAD } }, KS);
    expect(at).toBe(sentAt);
  });
});
