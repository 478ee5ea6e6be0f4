import type { IdMaker } from '#libs/platform';

/** Where a page ended: the sort key and the id of its last row. Ids are opaque, and a time tells nothing of a person. */
export interface Cursor {
  readonly key: number;
  readonly id: string;
}

/** What a cursor is good for: another search, or another caller's, cannot use it. */
export interface CursorScope {
  readonly caller: string;
  readonly type: string;
  readonly sort: string;
}

const mac = (ids: IdMaker, scope: CursorScope, payload: string) =>
  ids.other('cursor', scope.caller, scope.type, scope.sort, payload);

/** The opaque text of a place in a search. */
export function writeCursor(ids: IdMaker, scope: CursorScope, { key, id }: Cursor): string {
  const payload = `${key.toString(36)}~${id}`;
  return Buffer.from(`${payload}~${mac(ids, scope, payload)}`).toString('base64url');
}

/** The place behind a cursor of ours; undefined for any other text, and for one of another caller or search. */
export function readCursor(ids: IdMaker, scope: CursorScope, text: string): Cursor | undefined {
  const [key = '', id = '', signature, ...more] = Buffer.from(text, 'base64url').toString('utf8').split('~');
  if (signature !== mac(ids, scope, `${key}~${id}`) || more.length > 0) return undefined;
  return { key: parseInt(key, 36), id };
}
