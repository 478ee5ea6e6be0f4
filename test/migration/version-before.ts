import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StayEvent } from '#libs/domain';

/** A row as PostgreSQL's JSON has it; the columns are those of the version's own tables. */
export type Row = Readonly<Record<string, unknown>>;

/**
 * What the version before had stored of eleven stays, written by its own code out of messages of ours: dates alone as times of
 * facts, local numbers, a protected visit, a transfer, a consent of next year, an admission cancelled and made anew, a message
 * that it rejected. And the same messages as the translator of this version read them.
 */
export interface VersionBefore {
  /** The state's own: its ids were made with it. */
  readonly secret: string;
  /** When the hub's clock stood as the state was left. */
  readonly now: number;
  readonly router: {
    readonly events: readonly Row[];
    readonly notices: readonly StoredNotice[];
    readonly tasks: readonly Row[];
  };
  readonly watcher: {
    readonly deviations: readonly Row[];
    readonly reminders: readonly Row[];
    readonly receipts: readonly Row[];
  };
  readonly replayed: readonly StayEvent[];
}

/** What a party had been told. */
export interface StoredNotice extends Row {
  readonly id: string;
  readonly stay_id: string;
  readonly recipient: string;
  readonly kind: string;
  readonly status: 'told' | 'withdrawn';
  readonly act: { readonly content: object };
}

/** Reads the stored state. */
export function versionBefore(): VersionBefore {
  return JSON.parse(readFileSync(join(import.meta.dirname, 'version-before.json'), 'utf8')) as VersionBefore;
}
