import { describe, expect, it } from '@jest/globals';
import type { Ends, Positions } from '#libs/messaging';
import { Watermark } from './watermark.ts';

const topics = { inbound: 'inbound', uptime: 'uptime', events: 'events', rejected: 'rejected', receipts: 'receipts' };

/** A line of one partition per topic; `translate` and `apply` do what the apps do. */
class Line {
  readonly ends = new Map<string, bigint>(Object.values(topics).map((topic) => [topic, 0n]));
  readonly applied = new Map<string, bigint>();
  translated = 0n;
  now = 100;
  beat: number | undefined;

  append(topic: string, n = 1n): void {
    this.ends.set(topic, (this.ends.get(topic) ?? 0n) + n);
  }
  applyAll(): void {
    for (const [topic, end] of this.ends) if (topic !== 'inbound') this.applied.set(topic, end);
  }
  translateAll(): void {
    this.append('events', (this.ends.get('inbound') ?? 0n) - this.translated);
    this.translated = this.ends.get('inbound') ?? 0n;
  }
  watermark(): Watermark {
    const positions = (from: ReadonlyMap<string, bigint>): Positions =>
      new Map([...from].map(([topic, next]) => [topic, new Map([[0, next]])]));
    return new Watermark({
      now: () => this.now,
      offsets: {
        endOffsets: (asked) =>
          Promise.resolve<Ends>(
            new Map(asked.map((topic) => [topic, [{ low: 0n, high: this.ends.get(topic) ?? 0n }]])),
          ),
        committedOffsets: () => Promise.resolve(positions(new Map([['inbound', this.translated]]))),
      },
      positions: () => Promise.resolve(positions(this.applied)),
      lastBeat: () => Promise.resolve(this.beat),
      topics,
      translatorGroup: 'translator',
      pastBeat: 5,
      patience: 0,
    });
  }
}

describe('the watermark', () => {
  it('is the time before everything was seen to be applied', async () => {
    const line = new Line();
    line.append('inbound');
    line.translateAll();
    line.applyAll();
    expect(await line.watermark().probe()).toBe(100);
  });

  it.each(['uptime', 'events', 'rejected', 'receipts'])('waits for `%s`', async (topic) => {
    const line = new Line();
    line.append(topic);
    const watermark = line.watermark();
    expect(await watermark.probe()).toBeUndefined();
    line.applyAll();
    expect(await watermark.probe()).toBe(100);
  });

  it('waits for the translator, and then for what it wrote', async () => {
    const line = new Line();
    line.append('inbound');
    const watermark = line.watermark();
    expect(await watermark.probe()).toBeUndefined();
    line.translateAll();
    expect(await watermark.probe()).toBeUndefined();
    line.applyAll();
    expect(await watermark.probe()).toBe(100);
  });

  it('carries a probe on with its own time and ends, however much comes meanwhile', async () => {
    const line = new Line();
    line.append('inbound');
    const watermark = line.watermark();
    expect(await watermark.probe()).toBeUndefined();
    line.translateAll();
    line.applyAll();
    line.now = 200;
    line.append('inbound', 50n);
    expect(await watermark.probe()).toBe(100);
    expect(await watermark.probe()).toBeUndefined();
  });

  it('does not leave the last beat behind', async () => {
    const line = new Line();
    line.beat = 40;
    expect(await line.watermark().probe()).toBe(45);
    line.beat = 99;
    expect(await line.watermark().probe()).toBe(100);
  });
});
