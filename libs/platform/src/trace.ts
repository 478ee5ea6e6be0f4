import { hash, randomFillSync } from 'node:crypto';

const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);

// One draw from the system serves 512 spans: childTrace is called several times per message.
const pool = Buffer.alloc(4096);
let used = pool.length;

function randomHex(bytes: number): string {
  if (used + bytes > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += bytes;
  return pool.toString('hex', used - bytes, used);
}

/** A new W3C traceparent. With a seed (an id of ours) the trace id follows from it, so that a replay joins its trace. */
export function rootTrace(seed?: string): string {
  const trace = seed === undefined ? randomHex(16) : hash('sha256', seed).slice(0, 32);
  return `00-${trace}-${randomHex(8)}-01`;
}

/** The next span of the same trace; a missing or malformed traceparent (W3C trace context 3.2) starts a new one. */
export function childTrace(traceparent: string | undefined): string {
  const trace = traceIdOf(traceparent);
  return trace === undefined ? rootTrace() : `00-${trace}-${randomHex(8)}-01`;
}

/** The 32 hex digits of the trace; undefined when there is no valid traceparent. */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  const parts = traceparent === undefined ? null : TRACEPARENT.exec(traceparent);
  if (parts === null || parts[1] === NO_TRACE || parts[2] === NO_SPAN) return undefined;
  return parts[1];
}
