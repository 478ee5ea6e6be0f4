import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import {
  endProcess,
  identityOf,
  isAlive,
  processesInFolder,
  processesWithArgument,
  signalProcess,
  waitUntilGone,
} from './process-identity.ts';

const children: ChildProcess[] = [];
const nodeRunning = (script: string, ...args: string[]): Promise<ChildProcess> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, ['-e', `${script}; console.log('up')`, ...args], { cwd: tmpdir() });
    children.push(child);
    child.stdout.once('data', () => resolve(child));
  });
const forEver = 'setInterval(() => 0, 1000)';

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

describe('a process and its identity', () => {
  it('is told apart from another one with its pid', async () => {
    const child = await nodeRunning(forEver);
    const identity = identityOf(child.pid!)!;
    expect(isAlive(identity)).toBe(true);
    const earlier = { ...identity, startTime: '1' };
    expect(isAlive(earlier)).toBe(false);
    expect(signalProcess(earlier, 'SIGKILL')).toBe(false);
    expect(await endProcess(earlier, 'SIGKILL', 0)).toBe('gone');
    expect(isAlive(identity)).toBe(true);
  });

  it('is ended by the signal, also when it was stopped, or by SIGKILL when it will not', async () => {
    const [willing, stopped, stubborn] = [
      await nodeRunning(forEver),
      await nodeRunning(forEver),
      await nodeRunning(`process.on('SIGTERM', () => 0); ${forEver}`),
    ].map((child) => identityOf(child.pid!)!);
    signalProcess(stopped!, 'SIGSTOP');
    expect(await endProcess(willing!, 'SIGTERM', 5_000)).toBe('gone');
    expect(await endProcess(stopped!, 'SIGTERM', 5_000)).toBe('gone');
    expect(await endProcess(stubborn!, 'SIGTERM', 100)).toBe('killed');
  });

  it('is found by what it was started with and where it stands', async () => {
    const mark = `mark-${process.pid}-${Math.random()}`;
    const child = await nodeRunning(forEver, mark);
    const identity = identityOf(child.pid!)!;
    expect(processesWithArgument(mark)).toEqual([identity]);
    expect(processesWithArgument(mark.slice(0, -1))).toEqual([]);
    expect(processesInFolder(realpathSync(tmpdir()))).toContainEqual(identity);
    child.kill('SIGKILL');
    expect(await waitUntilGone(identity, 5_000)).toBe(true);
    expect(processesWithArgument(mark)).toEqual([]);
  });
});
