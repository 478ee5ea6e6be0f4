import type { Encounter, Extension } from 'fhir/r4.js';
import type { NoticeBase, NoticeKind, StatedTime } from '#libs/domain';

/**
 * One kind of notice in FHIR: its codes, what it writes of its content and where, and what its profiles allow. All else of a
 * notice is alike, and stands in `write-notice.ts` and in `definitions/notice-profiles.ts`.
 *
 * What `allows` does not name is forbidden by the profiles (rules 12.4): an element that a kind writes and does not
 * allow is found by HL7's validator in the examples.
 */
export interface NoticeForm<Content extends NoticeBase & { readonly kind: NoticeKind }> {
  readonly kind: Content['kind'];
  /** Swedish, as a person meets it. */
  readonly name: string;
  /**
   * The withdrawal, where `CodeSystem/notice` has a code of its own for it. Else it is the kind itself, with the status
   * `entered-in-error` (contract 4).
   */
  readonly withdrawal?: { readonly code: `${Content['kind']}-WITHDRAWN`; readonly name: string };
  /** Encounter.status as far as the notice, and its withdrawal, tell. */
  readonly encounterStatus: { readonly told: Encounter['status']; readonly withdrawn: Encounter['status'] };
  readonly elements: (content: Content) => NoticeElements;
  readonly allows: NoticeAllowance;
  /** Content for the example in `schemas/`. */
  readonly example: NoticeItems<Content>;
}

/** What a content holds besides what every notice carries. */
export type NoticeItems<Content> = Content extends unknown ? Omit<Content, keyof NoticeBase> : never;

/** What a notice writes besides what all do. A withdrawal writes none of it. */
export interface NoticeElements {
  /** Extensions of the Communication, besides the ground. */
  readonly communication?: readonly Extension[];
  /** Extensions of the Encounter. */
  readonly encounter?: readonly Extension[];
  /** Encounter.period.end. */
  readonly end?: StatedTime;
  /** Communication.payload: what a person reads, in Swedish. */
  readonly text?: string;
}

/**
 * What the profiles of a kind let through beside person and ground, which stand in the domain's table. A test holds it equal to
 * the elements of the table (`told-elements.test.ts`).
 */
export interface NoticeAllowance {
  readonly communication?: readonly { readonly url: string; readonly max?: string }[];
  readonly encounter?: readonly { readonly url: string }[];
  readonly end?: true;
  readonly text?: true;
}

const TOLD = Date.UTC(2026, 4, 14, 9);

/** A day and a minute for the examples. */
export const EXAMPLE_DAY: StatedTime = {
  iso: '2026-05-12',
  precision: 'day',
  start: Date.UTC(2026, 4, 11, 22),
  end: Date.UTC(2026, 4, 12, 22),
};
export const EXAMPLE_MINUTE: StatedTime = {
  iso: '2026-05-14T11:00+02:00',
  precision: 'minute',
  start: TOLD,
  end: TOLD + 60_000,
};
