/**
 * True when two values that messages state say the same: plain data (texts, numbers, lists, objects), compared part by part.
 * Who keeps the one that was there can tell by identity that nothing was said anew.
 */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one)) return Array.isArray(other) && isSameList(one, other);
  return !Array.isArray(other) && isSameObject(one as PlainObject, other as PlainObject);
}

type PlainObject = Readonly<Record<string, unknown>>;

function isSameList(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => isSameValue(item, other[index]));
}

function isSameObject(one: PlainObject, other: PlainObject): boolean {
  for (const name in one) if (!(name in other) || !isSameValue(one[name], other[name])) return false;
  for (const name in other) if (!(name in one)) return false;
  return true;
}
