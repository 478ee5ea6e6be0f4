import { Pool } from 'pg';
import { Socket } from 'node:net';
import { correctPg } from './pg-corrections.ts';

export interface PoolOptions {
  url: string;
  applicationName: string;
  /** Most connections held; at least partitions at once + relay passes at once + one's own. */
  max?: number;
  /** The database role every statement runs under. */
  role?: string;
  /** The app's own schema, first on the search path. */
  schema?: string;
  /** Told of connections that broke while idle; the pool replaces them by itself. */
  onError?: (error: Error) => void;
}

correctPg();

const name = /^[a-z_][a-z0-9_-]{0,62}$/;

/**
 * Checks a name that goes into SQL or into start options as text, where it cannot be a parameter.
 * In: a schema or role name. Out: the same. Error: RangeError (a bug: names come from code or configuration).
 */
export function checkedName(value: string): string {
  if (!name.test(value)) throw new RangeError('not a usable name for a schema or role');
  return value;
}

/** In: role and schema. Out: the `options` text that sets them when a connection starts. */
export function startOptions(role?: string, schema?: string): string {
  const settings: string[] = [];
  if (schema !== undefined) settings.push(`-c search_path=${checkedName(schema)}`);
  if (role !== undefined) settings.push(`-c role=${checkedName(role)}`);
  return settings.join(' ');
}

/**
 * A pool whose limits keep one frozen or slow member from holding the others (docs/parts.md, PostgreSQL).
 * In: address, name, role, schema. Out: the pool; it survives the end of any of its connections. Times in milliseconds.
 */
export function createPool(options: PoolOptions): Pool {
  const pool = new Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.max ?? 10,
    connectionTimeoutMillis: 3000,
    keepAlive: true,
    // Statements that do not need each other's answers are sent together; PostgreSQL runs them in their order.
    pipeline: true,
    stream: gatheringSocket,
    options: startOptions(options.role, options.schema),
    // A member stopped inside its transaction would otherwise keep its row locks for as long as it is stopped.
    idle_in_transaction_session_timeout: 5000,
    lock_timeout: 4000,
    statement_timeout: 20_000,
    // Longer than the server's own limit: it only matters when the server no longer answers at all.
    query_timeout: 25_000,
  });
  // For its whole life: between connecting and the caller's own listener there is a moment in which the server may already end it,
  // and an error that nobody listens to ends the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  pool.on('error', (error) => options.onError?.(error));
  return pool;
}

/**
 * A socket that hands to the system at once what is written in one turn of the event loop: a transaction sends several
 * statements before it waits for an answer, and each would be a system call of its own.
 */
export function gatheringSocket(): Socket {
  const socket = new Socket();
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  const cork = socket.cork.bind(socket);
  const uncork = socket.uncork.bind(socket);
  let gathering = false;
  const gather = (): void => {
    if (gathering) return;
    gathering = true;
    cork();
    process.nextTick(() => {
      gathering = false;
      uncork();
    });
  };
  return Object.assign(socket, {
    write: (...args: unknown[]): boolean => {
      gather();
      return write(...args);
    },
    // pg corks each statement by itself, and Node sends all at the first uncork, however many corks there were.
    cork: gather,
    uncork: () => undefined,
  });
}
