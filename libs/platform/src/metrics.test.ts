import { describe, expect, it } from '@jest/globals';
import { Metrics } from './metrics.ts';

describe('metrics of several threads', () => {
  it('are told as one: each name once, what both count added up, and the times of this process as they are', async () => {
    const [own, thread] = [new Metrics({ ofProcess: true }), new Metrics()];
    own.counter('records_total', 'Records', ['stage']).inc({ stage: 'router' }, 2);
    thread.counter('records_total', 'Records', ['stage']).inc({ stage: 'ingress' }, 3);
    thread.counter('records_total', 'Records', ['stage']).inc({ stage: 'router' }, 4);
    thread.gauge('connections', 'Connections').set(7);
    thread.histogram('seconds', 'Seconds', [0.1, 1]).observe(0.5);
    own.alsoFrom(async () => structuredClone(await thread.snapshot()));
    const lines = (await own.text()).split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'bryggan_records_total{stage="router"} 6',
        'bryggan_records_total{stage="ingress"} 3',
        'bryggan_connections 7',
        'bryggan_seconds_bucket{le="0.1"} 0',
        'bryggan_seconds_bucket{le="1"} 1',
        'bryggan_seconds_count 1',
        expect.stringMatching(/^process_start_time_seconds \d+/),
        expect.stringMatching(/^nodejs_version_info\{version="v/),
      ]),
    );
    const names = lines.filter((line) => line.startsWith('# TYPE '));
    expect(new Set(names).size).toBe(names.length);
  });
});
