import { fault, isFault, type Fault } from '#libs/platform';

/** A parameter, decoded. */
export type Pair = readonly [name: string, value: string];

/** More parameters than this no search of ours can need; each is a condition that the database has to plan. */
const MOST_PAIRS = 50;
const CONTROL = /\p{Cc}/u;

/**
 * A query or a form, decoded, in its order; what is said twice is there once.
 * @param unreadable what it is called when it is not encoded as it must be
 */
export function pairsIn(text: string, unreadable: 'bad-parameter' | 'bad-body'): Pair[] | Fault {
  const parts = [...new Set(text.split('&').filter((part) => part !== ''))];
  if (parts.length > MOST_PAIRS) return fault('too-many-values');
  const pairs: Pair[] = [];
  for (const part of parts) {
    const pair = pairIn(part, unreadable);
    if (isFault(pair)) return pair;
    pairs.push(pair);
  }
  return pairs;
}

function pairIn(part: string, unreadable: 'bad-parameter' | 'bad-body'): Pair | Fault {
  const at = part.indexOf('=');
  const texts = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
  try {
    const [name = '', value = ''] = texts.map((text) => decodeURIComponent(text.replaceAll('+', ' ')));
    return CONTROL.test(name + value) ? fault('bad-character') : [name, value];
  } catch {
    return fault(unreadable);
  }
}
