import { describe, expect, it } from '@jest/globals';
import { Health } from './health.ts';
import { Metrics } from './metrics.ts';

describe('Health', () => {
  it('is ready when it has started, every check is up and it is not stopping', async () => {
    const health = new Health();
    let kafka = true;
    health.add('kafka', () => kafka);
    health.add('postgres', () => Promise.resolve(true));
    expect((await health.ready()).ok).toBe(false);
    health.started();
    expect(await health.ready()).toEqual({ ok: true, checks: { kafka: 'up', postgres: 'up', hub: 'up' } });
    kafka = false;
    expect((await health.ready()).checks.kafka).toBe('down');
    kafka = true;
    health.stopping();
    expect((await health.ready()).ok).toBe(false);
  });

  it('counts a check that throws or hangs as down, and stays live', async () => {
    const health = new Health();
    health.started();
    health.add('throws', () => {
      throw new Error('x');
    });
    health.add('hangs', () => new Promise<boolean>(() => undefined));
    expect((await health.ready()).checks).toEqual({ throws: 'down', hangs: 'down', hub: 'up' });
    expect(health.live().ok).toBe(true);
    health.remove('throws');
    health.remove('hangs');
    expect((await health.ready()).ok).toBe(true);
  });

  it('looks once for all who ask at one time, and anew for who asks later', async () => {
    const health = new Health();
    let looks = 0;
    health.add('counted', () => ++looks > 0);
    health.started();
    const reports = await Promise.all(Array.from({ length: 100 }, () => health.ready()));
    expect([new Set(reports.map(({ ok }) => ok)), looks]).toEqual([new Set([true]), 1]);
    await health.ready();
    expect(looks).toBe(2);
  });

  it('is neither live nor ready once a part is broken for good', async () => {
    const health = new Health();
    health.started();
    health.broken('router');
    expect(health.live()).toEqual({ ok: false, checks: { router: 'down' } });
    expect((await health.ready()).ok).toBe(false);
  });
});

describe('Metrics', () => {
  it('are told in Prometheus’s form, and asked for again are the same', async () => {
    const metrics = new Metrics();
    metrics.counter('received_total', 'Messages received', ['sender']).inc({ sender: 'KS' });
    metrics.counter('received_total', 'Messages received', ['sender']).inc({ sender: 'KS' }, 2);
    metrics.gauge('lag', 'Lag').set(4);
    metrics.histogram('hop_seconds', 'Hop', [0.01, 0.1]).observe(0.05);
    const text = await metrics.text();
    expect(text).toContain('bryggan_received_total{sender="KS"} 3');
    expect(text).toContain('bryggan_lag 4');
    expect(text).toContain('bryggan_hop_seconds_bucket{le="0.1"} 1');
    expect(() => metrics.gauge('received_total', 'x')).toThrow();
  });

  it('of two registries are apart', async () => {
    new Metrics().counter('a_total', 'a').inc(5);
    const other = new Metrics();
    other.counter('a_total', 'a').inc();
    expect(await other.text()).toContain('bryggan_a_total 1');
  });
});
