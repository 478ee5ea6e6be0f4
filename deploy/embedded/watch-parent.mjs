// Runs on Node 20 without any dependency.
import { readFileSync } from 'node:fs';

const LOOK_MS = 250;

/** Fields 1 and 4 of /proc/<pid>/stat: the name and the parent. */
function look(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { name: stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), parent: Number(fields[1]) };
  } catch {
    return undefined;
  }
}

/** npm runs a script through a shell, which may stay in between and outlive npm: then npm is watched as well. */
function shellBetween(parent) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const found = look(parent);
  return found !== undefined && /^(ba|da|z|k)?sh$/.test(found.name) ? found.parent : undefined;
}

const parent = process.ppid;
const grandparent = shellBetween(parent);
const isOrphan = () => process.ppid !== parent || (grandparent !== undefined && look(parent)?.parent !== grandparent);

/**
 * Calls back once, when a stop is asked for: SIGINT, SIGTERM, SIGHUP, or the death of our parent (npm does not pass
 * SIGTERM on, and a SIGKILL of it cannot be passed on).
 * @param {() => void} stop
 */
export function onStopRequest(stop) {
  let asked = false;
  const once = () => {
    if (asked) return;
    asked = true;
    clearInterval(timer);
    stop();
  };
  const timer = setInterval(() => isOrphan() && once(), LOOK_MS);
  timer.unref();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, once);
}
