import { MISBEHAVIOURS, type Target } from './misbehaviours.ts';

/*
 * Somebody who misbehaves, in a process of its own: whoever opens 1 500 connections at once is busy for so long that a measurement
 * in the same process would be one of that, and not of the hub. Is told what to do and says that it has begun; told to stop, it
 * ends when what it has begun is over, and at once when its parent is gone.
 */
interface Told {
  readonly name: string;
  readonly target: Target;
}

const stop = new AbortController();
process.on('disconnect', () => process.exit(2));
process.on('message', (message: Told | 'stop') => {
  if (message === 'stop') {
    stop.abort();
    return;
  }
  const [, misbehave] = MISBEHAVIOURS.find(([name]) => name === message.name) ?? [];
  if (misbehave === undefined) throw new Error(`nobody misbehaves like ${message.name}`);
  const over = misbehave(message.target, stop.signal);
  process.send?.('begun');
  over.then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`);
      process.exit(1);
    },
  );
});
