// Runs on Node 20 without any dependency.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { endParts } from './end-parts.mjs';
import { onStopRequest } from './watch-parent.mjs';

/*
 * The launcher stands between npm, which passes no SIGTERM on, and the hub:
 *   running   the hub's process lives; nothing else is done
 *   stopping  a signal came, or our parent has gone: SIGTERM to the hub, after 24 s SIGKILL
 *   ended     the hub's process has gone: so do we, at once, with its code, and with a line when it was killed
 * A hub that had to be killed cannot stop its parts: then they are stopped here, so that all is over within 30 s.
 */
const HUB_STOPS_WITHIN_MS = 24_000;

/**
 * Every process of ours runs with these. The hub has four threads, each with a young generation of its own, which keeps twice the
 * size that is said here from the start on: at 32 MB a quarter of what a hub held that had nothing to do was that. At 8 MB a batch
 * of some hundred messages outlives its own collections, and a message took a tenth more of processor. The old generation would
 * grow to three times what lives in it.
 */
export const NODE_OPTIONS = [
  '--disable-warning=TimeoutNegativeWarning',
  '--max-semi-space-size=16',
  '--heap-growing-percent=100',
];

/**
 * What comes in by a socket lies in pieces of 64 kB outside of the heap. The C library learns by itself to keep pieces of that
 * size for later, and never gives back what one flood made it take: after 600 unfinished bodies of a megabyte a process of 63 MB
 * kept 560. Told so, it gives back all from 32 kB on. It costs no processor time that shows.
 */
export const MEMORY = { MALLOC_MMAP_THRESHOLD_: '32768' };

/**
 * @param {{node: string, args: string[], cwd: string, stateDir?: string}} hub what to run; the state whose parts it runs
 * @returns {Promise<number>} the exit code: the hub's, 128 + the signal's number when it was killed
 */
export function launch({ node, args, cwd, stateDir }) {
  return new Promise((resolve) => {
    // What was compiled at one start is read at the next, by each thread: else every one of them compiles all it imports.
    const compiled = { NODE_COMPILE_CACHE: join(cwd, 'dist', '.compiled') };
    const environment = { ...MEMORY, ...compiled, ...process.env, KAFKAJS_NO_PARTITIONER_WARNING: '1' };
    const hub = spawn(node, [...NODE_OPTIONS, ...args], { cwd, env: environment, stdio: 'inherit' });
    let killed = false;
    let timer;
    const stop = () => {
      if (timer !== undefined) return;
      hub.kill('SIGTERM');
      hub.kill('SIGCONT');
      timer = setTimeout(() => {
        killed = true;
        hub.kill('SIGKILL');
      }, HUB_STOPS_WITHIN_MS);
    };
    onStopRequest(stop);
    hub.once('error', (error) => {
      console.error(`The hub could not be started: ${error.message}`);
      resolve(1);
    });
    hub.once('exit', async (code, signal) => {
      clearTimeout(timer);
      if (killed && stateDir !== undefined) await endParts(stateDir);
      else if (signal !== null) console.error(killedLine(hub.pid, signal, stateDir !== undefined));
      resolve(code ?? (signal === 'SIGKILL' ? 137 : 143));
    });
  });
}

/** Nobody starts it again: whoever killed it, or a machine without memory, would do it again. What it had answered AA to is safe. */
function killedLine(pid, signal, hasParts) {
  const parts = hasParts ? ' PostgreSQL and Kafka go on, and the next start takes them over.' : '';
  return `The process ${pid} was killed (${signal}): nothing acknowledged is lost.${parts} Start it again.`;
}
