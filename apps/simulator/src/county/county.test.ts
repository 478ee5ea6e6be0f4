import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ORDINARY, SPECIAL } from '../scenarios/catalogue.ts';
import { parseMessage } from '#libs/hl7v2';
import { readPersonalNumber } from '#libs/platform';
import { MINUTE } from './county-time.ts';
import { makeCounty } from './county.ts';
import { PEOPLE, registeredPersons } from './people.ts';
import { CODES } from './truth.ts';

const START = Date.parse('2026-03-25T04:00:00Z');

/** What a readmission shows is a second stay. */
const PERSONS_WHO_COME_BACK = 2;

describe('a county of stays', () => {
  it('is the same for the same number, seed and start, to the byte', () => {
    const shown = (seed: string): string => JSON.stringify(makeCounty(80, seed, START), replacer);
    expect(shown('7')).toBe(shown('7'));
    expect(shown('7')).not.toBe(shown('8'));
  });

  it('injects every code, whatever the seed and however small', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 80 }), fc.stringMatching(/^[a-z0-9]{1,6}$/), (stays, seed) => {
        const { stays: plans } = makeCounty(stays, seed, START);
        expect(new Set(plans.flatMap(({ truth }) => truth.deviations))).toEqual(new Set(CODES));
        // Never smaller than one stay for every code takes; a few stays show more codes than one.
        expect(plans.length).toBeGreaterThanOrEqual(stays);
        expect(plans.length).toBeLessThanOrEqual(Math.max(stays, CODES.length + PERSONS_WHO_COME_BACK));
        expect(new Set(plans.map(({ visit }) => visit)).size).toBe(plans.length);
      }),
      { numRuns: 12 },
    );
  });

  it('has many stays that lead to nothing, and plays every scenario when it is of the default size', () => {
    const { stays } = makeCounty(360, '1', START);
    const played = new Set(stays.map(({ scenario }) => scenario));
    const names = [...SPECIAL, ...ORDINARY].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !played.has(name))).toEqual([]);
    // Of one whose need is never stated nothing is said but that.
    const isOfPatterns = (code: string): boolean => code === 'INS-11';
    const nothing = stays.filter(
      ({ truth }) => truth.notices.size + truth.tasks.size === 0 && truth.deviations.every(isOfPatterns),
    );
    expect(nothing.length).toBeGreaterThan(95);
  });

  it('writes only messages that can be read, each of its own sender and visit', () => {
    const numbers = new Set([...PEOPLE, ...registeredPersons(300)].map(({ number }) => number));
    for (const { visit, hospital, sendings } of makeCounty(300, '5', START).stays) {
      for (const { sender, bytes } of sendings) {
        const message = parseMessage(bytes.toString('latin1'));
        if (!message.ok) throw new Error(`${visit}: ${message.fault.code}`);
        const at = (segment: string, field: number) => message.value.text(segment, field);
        // A message of a person names no visit.
        const named = message.value.first('MRG') ? visit : at('PV1', 19);
        expect([sender, at('MSH', 4), named]).toEqual([hospital, hospital, visit]);
        const number = at('PID', 3) ?? '';
        expect(number.startsWith('LOKAL-') || numbers.has(number)).toBe(true);
      }
    }
  });

  it('has so many persons that none has more stays than a life', () => {
    const persons = registeredPersons(20_000).map(({ number }) => number);
    expect(new Set(persons).size).toBe(2000);
    for (const number of persons) {
      const read = readPersonalNumber({ kind: 'twelve', digits: number }, { birthDate: undefined, yearSent: 2026 });
      expect(read).toEqual({ type: 'personnummer', value: number });
    }
    const { stays } = makeCounty(2000, '2', START);
    const inhabitants = new Set(registeredPersons(2000).map(({ number }) => number));
    const of = (bytes: Buffer): string => bytes.toString('latin1').match(/PID\|[^|]*\|[^|]*\|(\d{12})/)?.[1] ?? '';
    const numbers = stays.flatMap(({ sendings: [first] }) => (first ? [of(first.bytes)] : []));
    const counts = [...Map.groupBy(numbers, (number) => number)].filter(([number]) => inhabitants.has(number));
    expect(counts.length).toBeGreaterThan(180);
    expect(Math.max(...counts.map(([, those]) => those.length))).toBeLessThan(40);
  });

  it('lets every message arrive on a half hour, before the end', () => {
    const { stays, end } = makeCounty(400, '3', START);
    for (const { sendings } of stays) {
      for (const { arrives } of sendings) {
        expect(arrives % (30 * MINUTE)).toBe(0);
        expect(arrives).toBeLessThan(end);
        expect(arrives).toBeGreaterThan(START - 1);
      }
    }
  });

  it('plays only what is about it while a stage stands still', () => {
    const { stays, standstills } = makeCounty(400, '3', START);
    const during = new Map(SPECIAL.map(({ name, during: stage }) => [name, stage]));
    expect(new Set(standstills.map(({ stage }) => stage))).toEqual(
      new Set(['dispatcher', 'router', 'translator', 'watcher', 'ingress']),
    );
    for (const { from, to, stage } of standstills) {
      const meanwhile = stays.filter(({ sendings }) => sendings.some(({ arrives }) => from < arrives && arrives < to));
      expect(new Set(meanwhile.map(({ scenario }) => during.get(scenario)))).toEqual(
        new Set(stage === 'ingress' ? [] : [stage]),
      );
    }
  });
});

/** JSON knows no map and no set. */
function replacer(_: string, value: unknown): unknown {
  return value instanceof Map || value instanceof Set ? [...(value as Iterable<unknown>)] : value;
}
