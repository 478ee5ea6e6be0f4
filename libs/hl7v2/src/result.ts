/** An expected outcome as a value: what was asked for, or the fault that hindered it. Bugs are exceptions instead. */
export type Result<T, F> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: F };

/** Wraps what was asked for. */
export function success<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** Wraps the fault. */
export function failure<F>(fault: F): { readonly ok: false; readonly fault: F } {
  return { ok: false, fault };
}
