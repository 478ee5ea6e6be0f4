import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DrivenClock, openClock, openDrivenClock, systemClock } from './clock.ts';

const MORNING = Date.UTC(2026, 4, 10, 8);

describe('the driven clock', () => {
  let folder = '';
  const file = () => join(folder, 'state', 'clock.json');
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'bryggan-clock-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('stands still until it is set', () => {
    const clock = openDrivenClock(file(), MORNING);
    expect(clock.now()).toBe(MORNING);
    expect(clock.set(MORNING + 5)).toBeUndefined();
    expect(clock.now()).toBe(MORNING + 5);
  });

  it('never goes back', () => {
    const clock = openDrivenClock(file(), MORNING);
    expect(clock.set(MORNING - 1)?.name).toBe('clock-backwards');
    expect(clock.set(Number.NaN)?.name).toBe('bad-instant');
    expect(clock.now()).toBe(MORNING);
  });

  it.each([
    ['stored', MORNING + 1000, MORNING],
    ['start', MORNING, MORNING + 1000],
  ])('starts at the later: %s', (_, stored, start) => {
    openDrivenClock(file(), stored);
    expect(openDrivenClock(file(), start).now()).toBe(MORNING + 1000);
  });

  it('is on disk before anyone sees the new time', () => {
    const clock = openDrivenClock(file(), MORNING);
    let seen = 0;
    clock.onChange((now) => {
      expect(openDrivenClock(file()).now()).toBe(now);
      seen = now;
    });
    clock.set(MORNING + 60_000);
    expect(seen).toBe(MORNING + 60_000);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('tells of changes only, until it is asked no more', () => {
    const clock = openDrivenClock(file(), MORNING);
    const seen: number[] = [];
    const stop = clock.onChange((now) => void seen.push(now));
    clock.set(MORNING);
    clock.set(MORNING + 1);
    stop();
    clock.set(MORNING + 2);
    expect(seen).toEqual([MORNING + 1]);
  });

  it('does not guess when its file is damaged', () => {
    openDrivenClock(file(), MORNING);
    writeFileSync(file(), '{"now":"igår"}');
    expect(() => openDrivenClock(file(), MORNING)).toThrow(/clock\.json/);
  });

  it('is opened as the configuration says', () => {
    const driven = openClock({ clock: { kind: 'driven', start: MORNING }, stateDir: folder });
    expect(driven).toBeInstanceOf(DrivenClock);
    expect(openClock({ clock: { kind: 'system' }, stateDir: folder }).driven).toBe(false);
  });
});

describe('the system clock', () => {
  it('is the machine’s', () => {
    const before = Date.now();
    expect(systemClock().now()).toBeGreaterThanOrEqual(before);
  });
});
