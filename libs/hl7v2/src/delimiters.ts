/** The characters that a message declares in MSH-1 and MSH-2; what it leaves out is undefined and then never splits. */
export interface Delimiters {
  readonly field: string;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string | undefined;
  readonly subcomponent: string | undefined;
  /** v2.7 and later: the truncation character. */
  readonly truncation: string | undefined;
}

export const STANDARD_DELIMITERS: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
  truncation: undefined,
};

/**
 * Reads the delimiters from MSH-1 and MSH-2 (2 to 5 characters). Undefined when they cannot delimit: too few, too many,
 * the same twice, or a letter, digit, space, quote, control or non-ASCII character.
 *
 * Three characters ending in `&` (`^~&`) come from senders that never escape and left the escape character out. Read by
 * position, `&` would be the escape, and `Ek&N&Lind` would lose its middle. So `&` is their subcomponent delimiter and
 * they have no escape character (SAL-4).
 *
 * The escape character twice (`^~\\&`) comes from senders whose script escaped it once too often: it is one.
 */
export function delimitersOf(msh1: string, written: string): Delimiters | undefined {
  const msh2 = written.length === 5 && written[2] === written[3] ? written.slice(0, 3) + written.slice(4) : written;
  if (msh1 === '|' && msh2 === '^~\\&') return STANDARD_DELIMITERS;
  const all = msh1 + msh2;
  if (msh1.length !== 1 || msh2.length < 2 || msh2.length > 5) return undefined;
  if (!/^[!#-/:-@[-`{-~]+$/.test(all) || new Set(all).size !== all.length) return undefined;
  const withoutEscape = msh2.length === 3 && msh2[2] === STANDARD_DELIMITERS.subcomponent;
  return {
    field: msh1,
    component: msh2.charAt(0),
    repetition: msh2.charAt(1),
    escape: withoutEscape ? undefined : msh2[2],
    subcomponent: withoutEscape ? msh2[2] : msh2[3],
    truncation: msh2[4],
  };
}

/** MSH-2 as it is written. */
export function encodingCharacters(delimiters: Delimiters): string {
  const { component, repetition, escape = '', subcomponent = '', truncation = '' } = delimiters;
  return component + repetition + escape + subcomponent + truncation;
}
