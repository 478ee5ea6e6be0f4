import type { NoticeContent, NoticeKind } from '#libs/domain';
import type { NoticeForm } from './form.ts';
import { NOTICE_FORMS } from './kinds.ts';

type Forms = typeof NOTICE_FORMS;
type WithdrawalCode = {
  [Kind in NoticeKind]: Forms[Kind] extends { readonly withdrawal: { readonly code: infer Code } } ? Code : never;
}[NoticeKind];

/** Codes of `CodeSystem/notice` that the hub tells so far (contract 4). */
export type NoticeCode = NoticeKind | WithdrawalCode;

/** The form of a kind, for any content of that kind. */
export function formOf(kind: NoticeKind): NoticeForm<NoticeContent> {
  // The entry of a kind takes the content of that kind; who has a content looks up by its own kind.
  return NOTICE_FORMS[kind] as unknown as NoticeForm<NoticeContent>;
}

/** A category as the outside meets it. */
export interface NoticeCategory {
  readonly code: NoticeCode;
  readonly name: string;
  readonly kind: NoticeKind;
  /** True for a withdrawal by a code of its own. */
  readonly withdrawal: boolean;
}

/** All categories that the hub tells: the kinds, and the withdrawals that have codes of their own. */
export const NOTICE_CATEGORIES: readonly NoticeCategory[] = Object.values(NOTICE_FORMS)
  .map(({ kind }) => formOf(kind))
  .flatMap(({ kind, name, withdrawal }) => [
    { code: kind, name, kind, withdrawal: false },
    ...(withdrawal ? [{ code: withdrawal.code as NoticeCode, name: withdrawal.name, kind, withdrawal: true }] : []),
  ]);

const BY_CODE: ReadonlyMap<unknown, NoticeCategory> = new Map(NOTICE_CATEGORIES.map((one) => [one.code, one]));

/** The codes of {@link NOTICE_CATEGORIES}. */
export const NOTICE_CODES: readonly NoticeCode[] = NOTICE_CATEGORIES.map(({ code }) => code);

/** Swedish names of the notices, as a person meets them. */
export const NOTICE_NAMES = Object.fromEntries(NOTICE_CATEGORIES.map(({ code, name }) => [code, name])) as Readonly<
  Record<NoticeCode, string>
>;

/** The category that a code names; undefined for one that the hub does not tell. */
export function noticeCategory(code: unknown): NoticeCategory | undefined {
  return BY_CODE.get(code);
}

/** True when the text is a category that the hub tells. */
export function isNoticeCode(code: unknown): code is NoticeCode {
  return BY_CODE.has(code);
}

/**
 * The category of a notice, or of the withdrawal of one (contract 4).
 * @returns `<kind>-WITHDRAWN` where the code system has it, else the kind itself, whose status then is `entered-in-error`
 */
export function noticeCode(kind: NoticeKind, withdrawn: boolean): NoticeCode {
  const own = formOf(kind).withdrawal?.code as NoticeCode | undefined;
  return withdrawn ? (own ?? kind) : kind;
}

/** True for a kind whose withdrawals have a code of their own. */
export function hasWithdrawalCode(kind: NoticeKind): boolean {
  return formOf(kind).withdrawal !== undefined;
}
