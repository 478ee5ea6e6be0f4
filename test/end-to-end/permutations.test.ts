import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hl7Day, HOUR, MINUTE, onDay } from '../../apps/simulator/src/county/county-time.ts';
import { consent, info, need, ready } from '../../apps/simulator/src/messages/ward-message.ts';
import type { NoticeView } from '#libs/fhir';
import { byParty, inForce, type Outcome } from '../hub/outcome.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { CLINIC, SOLNA, Ward } from '../hub/ward.ts';

const START = Date.parse('2026-05-04T14:00:00+02:00');
let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub('permutations', { clockStart: START });
});
afterAll(async () => {
  await hub.dispose();
});

/** A stay of five messages that were sent within a quarter of an hour, in the order of their sending. */
function fiveMessages(ward: Ward): Buffer[] {
  const sent = (minutes: number): number => hub.now - (14 - minutes) * MINUTE;
  const [today, later] = [hl7Day(hub.now), hl7Day(onDay(hub.now, 4, 12))];
  return [
    ward.message('A01', hub.now, { sent: sent(0), expected: later, facts: [need(['SOC', 'ROV']), consent('Y')] }),
    ward.message('A08', hub.now, { sent: sent(2), expected: today }),
    ward.message('A08', hub.now, { sent: sent(4), expected: today, facts: [ready('Y')] }),
    ward.message('A03', hub.now, { sent: sent(6), expected: today, discharged: sent(5), occurred: sent(5) }),
    ward.message('A08', hub.now, {
      sent: sent(8),
      expected: today,
      discharged: sent(5),
      facts: [info(['SOC', 'ROV'])],
    }),
  ];
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}

const HELD = ['BUT', 'INFO', 'INS', 'UTK', 'UTS'];

/** A notice by what it says: no ids, no times of the hub. */
function content({ recipient, category, communication, encounter, patient, ground }: NoticeView): string {
  const ends = encounter.extension?.map(({ valueDateTime }) => valueDateTime) ?? [];
  return JSON.stringify([
    recipient,
    category,
    ground,
    communication.sent,
    communication.payload ?? [],
    encounter.status,
    encounter.period ?? {},
    ends,
    patient.name,
  ]);
}

const finalState = (seen: Outcome, stayId: string): readonly string[] =>
  inForce(seen.notices.filter((notice) => notice.stayId === stayId))
    .map(content)
    .sort();

describe('a stay of five messages, each twice, in each of the 120 orders', () => {
  const wards: Ward[] = [];

  beforeAll(async () => {
    const connections = Array.from({ length: 4 }, () => hub.connect());
    const orders = permutations([0, 1, 2, 3, 4]);
    const answers = orders.flatMap((order, n) => {
      const ward = new Ward(`permuted-${n}`, { admitted: START - 5 * HOUR });
      wards.push(ward);
      const messages = fiveMessages(ward);
      // Twice in a row, twice as a whole, or the second time backwards.
      const doubled = [order.flatMap((at) => [at, at]), [...order, ...order], [...order, ...order.toReversed()]][
        n % 3
      ]!;
      return doubled.map((at) => connections[n % connections.length]!.send(messages[at]!));
    });
    const codes = (await Promise.all(answers)).map(({ code }) => code);
    expect(new Set(codes)).toEqual(new Set(['AA']));
    for (const connection of connections) connection.close();
    await hub.client.settle();
  });

  it('has the same notices in force at each party in the end', async () => {
    const seen = await hub.outcome();
    const [first, ...rest] = wards.map((ward) => finalState(seen, hub.stayOf(ward)));
    const notices = seen.notices.filter(({ stayId }) => stayId === hub.stayOf(wards[0]!));
    const held = Object.entries(byParty(inForce(notices))).map(([party, told]) => [party, [...told].sort()]);
    expect(Object.fromEntries(held)).toEqual(Object.fromEntries([SOLNA, CLINIC].map((party) => [party, HELD])));
    for (const [n, one] of rest.entries()) expect([n + 1, one]).toEqual([n + 1, first]);
  });

  it('has the same open deviations, at once and when every deadline has passed', async () => {
    const open = async (): Promise<Set<string>> => {
      const seen = await hub.outcome();
      return new Set(wards.map((ward) => seen.open(hub.stayOf(ward)).join(' ')));
    };
    expect((await open()).size).toBe(1);
    await hub.to(hub.now + 3 * 24 * HOUR);
    expect((await open()).size).toBe(1);
  });
});
