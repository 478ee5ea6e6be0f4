import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { commandLine } from './process-identity.ts';
import { StartProblem } from './start-problem.ts';

const LOOPBACK = '127.0.0.1';

/** @returns a port of the loopback that was free just now */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => {
      const address = server.address();
      server.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no port'));
        else resolve(address.port);
      });
    });
  });
}

/** @returns whether the port can be listened on at the loopback */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)));
  });
}

function readTable(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return ''; // no IPv6, or not Linux
  }
}

/** The inodes of the sockets that listen on a port: columns of /proc/net/tcp are hexadecimal, state 0A is LISTEN. */
function listeningInodes(port: number): Set<string> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readTable(table).split('\n').slice(1)) {
      const columns = line.trim().split(/\s+/);
      const inode = columns[9];
      if (columns[1]?.endsWith(wanted) === true && columns[3] === '0A' && inode !== undefined) inodes.add(inode);
    }
  }
  return inodes;
}

function holdsSocket(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => {
      const link = linkOf(`/proc/${pid}/fd/${fd}`);
      return link.startsWith('socket:[') && inodes.has(link.slice(8, -1));
    });
  } catch {
    return false;
  }
}

/** A busy process closes some of its files while they are being looked at. */
function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** @returns the process that listens on a port, where we may see it */
function holderOf(port: number): { pid: number; command: string } | undefined {
  const inodes = listeningInodes(port);
  if (inodes.size === 0) return undefined;
  const pid = readdirSync('/proc').find((entry) => /^\d+$/.test(entry) && holdsSocket(entry, inodes));
  if (pid === undefined) return undefined;
  const command = commandLine(Number(pid))[0] ?? 'unknown';
  return { pid: Number(pid), command: command.split('/').at(-1) ?? command };
}

/** @returns whether this process, which must be one of ours, listens on the port */
export function listensOn(pid: number, port: number): boolean {
  const inodes = listeningInodes(port);
  return inodes.size > 0 && holdsSocket(`${pid}`, inodes);
}

/** A port, what is to listen there, and the setting that moves it. */
export interface WantedPort {
  readonly port: number;
  readonly what: string;
  readonly setting: string;
}

/** A port that nobody seems to hold is being given up by a process that ends, or is another's outgoing connection. */
const LINGERS_MS = 2_000;

/**
 * @param wanted the port, what is to listen there, and the setting that moves it
 * @throws StartProblem naming all three, and the holder when it can be seen
 */
export async function requireFreePort(wanted: WantedPort): Promise<void> {
  const deadline = performance.now() + LINGERS_MS;
  while (!(await isFree(wanted.port))) {
    const holder = holderOf(wanted.port);
    if (holder !== undefined || performance.now() > deadline) refuse(wanted, holder);
    await sleep(50);
  }
}

function refuse(wanted: WantedPort, holder: { pid: number; command: string } | undefined): never {
  const by = holder === undefined ? '' : ` by pid ${holder.pid} (${holder.command})`;
  throw new StartProblem(
    `port ${wanted.port} for ${wanted.what} is taken${by}`,
    `stop what holds it, or set ${wanted.setting} to another port`,
  );
}
