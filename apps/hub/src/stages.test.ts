import { describe, expect, it } from '@jest/globals';
import { StartRefused } from '#libs/service';
import { Stages } from './operations.ts';

/** A line of three stages that all run; of these one may be refused when it is started again. */
function line(refused?: Error) {
  const calls: string[] = [];
  const stage = (name: string) => ({
    name,
    start: () => {
      calls.push(`start ${name}`);
      return refused && name === 'router' ? Promise.reject(refused) : Promise.resolve();
    },
    stop: () => {
      calls.push(`stop ${name}`);
      return Promise.resolve();
    },
  });
  const stages = new Stages(['ingress', 'router', 'watcher'].map(stage));
  stages.started();
  return { stages, calls };
}

describe('the stages of a process', () => {
  it('are stopped and then started, each once', async () => {
    const { stages, calls } = line();
    const wanted = { stop: ['ingress', 'router', 'ingress'], start: ['router', 'watcher'] };
    expect(await stages.change(wanted)).toBeUndefined();
    expect(calls).toEqual(['stop ingress', 'stop router', 'start router']);
    expect(stages.running).toEqual(['router', 'watcher']);
  });

  it('stay as they are when one of the names is none', async () => {
    const { stages, calls } = line();
    expect(await stages.change({ stop: ['router'], start: ['constructor'] })).toMatchObject({ name: 'unknown-stage' });
    expect([calls, stages.running]).toEqual([[], ['ingress', 'router', 'watcher']]);
  });

  it('say which one cannot start as it is configured, and start none after it', async () => {
    const { stages } = line(new StartRefused('the port is taken'));
    const all = ['ingress', 'router', 'watcher'];
    expect(await stages.change({ stop: all, start: all })).toMatchObject({ name: 'start-refused', place: 'router' });
    expect(stages.running).toEqual(['ingress']);
  });

  it('let a bug through', async () => {
    const { stages } = line(new Error('a bug'));
    await expect(stages.change({ stop: ['router'], start: ['router'] })).rejects.toThrow('a bug');
  });
});
