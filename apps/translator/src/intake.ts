import type { InRecord } from '#libs/messaging';

/**
 * When the hub took a message in: the header `intake`, which only a driven clock writes, else the broker's append time.
 * A header that is no instant is as good as none (architecture 7).
 */
export function intakeOf({ headers, timestamp }: Pick<InRecord, 'headers' | 'timestamp'>): number {
  const stated = headers['intake'] === undefined ? NaN : Date.parse(headers['intake']);
  return Number.isNaN(stated) ? timestamp : stated;
}
