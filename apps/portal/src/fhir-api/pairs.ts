import type { Pair } from './search.ts';

/** A query or a form, decoded, in its order. @returns undefined when it is not encoded as it must be */
export function pairsIn(text: string): Pair[] | undefined {
  try {
    return text
      .split('&')
      .filter((part) => part !== '')
      .map((part): Pair => {
        const at = part.indexOf('=');
        return at < 0 ? [decoded(part), ''] : [decoded(part.slice(0, at)), decoded(part.slice(at + 1))];
      });
  } catch {
    return undefined;
  }
}

const decoded = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
