import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR, MINUTE } from '../../apps/simulator/src/county/county-time.ts';
import { consent, need, order } from '../../apps/simulator/src/messages/ward-message.ts';
import { settled } from '../hub/harm.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { until } from '../hub/until.ts';
import { SOLNA, Ward } from '../hub/ward.ts';
import { startSpareKafka, type SpareKafka } from '../services/spare.ts';

const START = Date.parse('2026-05-04T08:00:00+02:00');
let kafka: SpareKafka;
let hub: TestHub;

beforeAll(async () => {
  kafka = await startSpareKafka();
  hub = await startTestHub('kafka-away', { clockStart: START, brokers: kafka.brokers });
}, 240_000);
afterAll(async () => {
  await hub.dispose();
  await kafka.stop();
});

describe('Kafka away over a deadline', () => {
  it("is the hub's, and nothing is flagged against the ward that tried and was told to try again", async () => {
    const admitted = hub.now - 20 * HOUR;
    const [ordered, never] = ['ordered', 'never'].map((name) => new Ward(name, { sender: 'OS', admitted }));
    for (const one of [ordered!, never!]) {
      const facts = [need(['SOC'], { at: admitted }), consent('Y')];
      await hub.send('OS', one.message('A01', hub.now, { facts }));
    }
    await hub.client.settle();
    await hub.to(hub.now + HOUR);
    await kafka.kill();
    await hub.to(hub.now + HOUR, false);
    const message = ordered!.message('A08', hub.now, { facts: [order()] });
    await expect(hub.send('OS', message)).rejects.toThrow('AE');
    await hub.to(hub.now + 8 * HOUR, false);
    await kafka.restart();
    await until('it is taken in', () => hub.send('OS', message).then(() => true));
    await hub.forgetReader();
    await settled(hub);
    await hub.to(hub.now + 5 * MINUTE);
    await hub.to(hub.now + HOUR);

    const seen = await hub.outcome();
    expect(seen.told(hub.stayId('OS', 'ordered'))).toEqual({ [SOLNA]: ['INS'] });
    expect(seen.everFlagged(hub.stayId('OS', 'ordered'))).toEqual(['TEK-01']);
    expect(seen.open(hub.stayId('OS', 'never'))).toEqual(['INS-01']);
  });
});
