// Runs on Node 20 without any dependency.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ORDERLY_MS = 3_000;

function isAlive({ pid, startTime }) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] !== 'Z' && fields[19] === startTime;
  } catch {
    return false;
  }
}

function recorded(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

async function end(part, signal) {
  if (part === undefined || !isAlive(part)) return;
  process.kill(part.pid, 'SIGCONT');
  process.kill(part.pid, signal);
  const deadline = Date.now() + ORDERLY_MS;
  while (isAlive(part)) {
    if (Date.now() > deadline) return void process.kill(part.pid, 'SIGKILL');
    await sleep(50);
  }
}

/**
 * Stops the PostgreSQL and the Kafka that a state folder names, by pid and start time, when their hub no longer can.
 * @param {string} stateDir
 */
export async function endParts(stateDir) {
  const [postgres, kafka] = ['postgres.json', 'kafka.json'].map((file) => recorded(join(stateDir, file)));
  await Promise.allSettled([end(postgres, 'SIGINT'), end(kafka, 'SIGTERM')]);
}
