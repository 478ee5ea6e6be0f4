/** True for an error of any realm: jest gives tests an `Error` of their own, and Node's errors are not of it. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

/** True for a system error with that code (`ENOENT`). */
export function isSystemError(error: unknown, code: string): boolean {
  return isError(error) && 'code' in error && error.code === code;
}
