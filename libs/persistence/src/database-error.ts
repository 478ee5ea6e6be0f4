const transient = new Set(['40P01', '40001', '55P03']);

/** In: any thrown value. Out: its SQLSTATE, when PostgreSQL gave it one. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || !('severity' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** In: any thrown value. Out: whether the same transaction may well succeed when run again (deadlock, serialisation, lock timeout). */
export function isTransient(error: unknown): boolean {
  return transient.has(sqlState(error) ?? '');
}

/**
 * In: any thrown value. Out: whether the data is at fault (SQLSTATE classes 22 and 23, such as a zero byte in a text).
 * Such an error comes again for ever, so a consumer must not wait for it to pass (architecture 2.9).
 */
export function isDataError(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error) ?? '');
}

/** In: any thrown value. Out: whether the database, not the data and not the code around it, is the trouble. */
export function isDatabaseTrouble(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return !isDataError(error);
  return (
    error instanceof Error && (trouble.test(error.message) || ('code' in error && network.has(String(error.code))))
  );
}

// node-postgres gives these no code of their own.
const trouble =
  /^(Query read timeout|Connection terminated|timeout exceeded when trying to connect|Client (was closed|has encountered))/;
const network = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
