import { hash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { SENDER_CALLER } from '#libs/domain';
import { ConfigurationError, makeOnce, writeDurably } from '#libs/platform';
import type { County } from './county.ts';
import type { CurrentCounty } from './current-county.ts';

export type Role = 'party' | 'sender' | 'operator' | 'observer';

/** Who calls: its name in `callers.json`, the party whose view it has, and what it may do. */
export interface Caller {
  readonly name: string;
  readonly party: string;
  readonly roles: readonly Role[];
}

/** In: the id of a sender's agreement. Out: the name of its caller (contract 1). */
export function senderCaller(id: string): string {
  return `${SENDER_CALLER}${id}`;
}

/** The id of the agreement of the sender that a caller is; undefined for any other caller. */
export function senderIdOf({ name }: Pick<Caller, 'name'>): string | undefined {
  return /^sender:(.+)$/.exec(name)?.[1];
}

type CallersFile = Record<string, Caller & { readonly token: string }>;

/**
 * The callers that may come in. They are looked up by the hash of a token: it takes the same time however near a guess is. A header as
 * nearly all write it is looked up whole, which tells one who guesses as little: a Map compares hashes of its own before texts.
 */
export class Callers {
  #byHeader: ReadonlyMap<string, Caller> = new Map();
  #byHash: ReadonlyMap<string, Caller> = new Map();
  #byName: ReadonlyMap<string, Caller> = new Map();
  #tokens: ReadonlyMap<string, string> = new Map();

  constructor(entries: readonly (Caller & { readonly token: string })[]) {
    this.replace(entries);
  }

  /** From now on these may come in, and nobody else. */
  replace(entries: readonly (Caller & { readonly token: string })[]): void {
    const callers = entries.map(({ name, party, roles, token }) => ({ token, caller: { name, party, roles } }));
    this.#byHeader = new Map(callers.map(({ token, caller }) => [bearer(token), caller]));
    this.#byHash = new Map(callers.map(({ token, caller }) => [hashed(token), caller]));
    this.#byName = new Map(callers.map(({ caller }) => [caller.name, caller]));
    this.#tokens = new Map(entries.map(({ name, token }) => [name, token]));
  }

  byToken(token: string): Caller | undefined {
    return this.#byHash.get(hashed(token));
  }

  /** By an Authorization header, `Bearer <token>` (RFC 6750); undefined for anything else. */
  byAuthorization(header = ''): Caller | undefined {
    const known = this.#byHeader.get(header);
    if (known !== undefined) return known;
    const token = /^Bearer +([A-Za-z0-9._~+/=-]{1,512})$/i.exec(header)?.[1];
    return token === undefined ? undefined : this.byToken(token);
  }

  byName(name: string): Caller | undefined {
    return this.#byName.get(name);
  }

  /** The Authorization header in a caller's name, for what a page does there for a person who is signed in. */
  authorizationOf(name: string): string | undefined {
    const token = this.#tokens.get(name);
    return token === undefined ? undefined : bearer(token);
  }

  all(): readonly Caller[] {
    return [...this.#byName.values()];
  }
}

const bearer = (token: string): string => `Bearer ${token}`;

function hashed(token: string): string {
  return hash('sha256', token, 'base64');
}

/**
 * Opens `callers.json` (contract 1): makes it or adds who is new, mode 0600. Tokens once made are kept, those of names
 * that the county no longer has too, but these come in no more. The callers follow a county that can change.
 * @throws ConfigurationError when the file is there and damaged
 */
export function openCallers(file: string, county: County & Partial<Pick<CurrentCounty, 'onChange'>>): Callers {
  const callers = new Callers(entriesOf(file, county));
  county.onChange?.((now) => callers.replace(entriesOf(file, now)));
  return callers;
}

function entriesOf(file: string, county: County): readonly (Caller & { readonly token: string })[] {
  const wanted = callersOf(county);
  const present = existsSync(file) ? parsed(readFileSync(file, 'utf8'), file) : firstCallers(file, wanted);
  const complete = completed(present, wanted);
  if (JSON.stringify(complete) !== JSON.stringify(present)) writeDurably(file, written(complete));
  return wanted.map((caller) => ({ ...caller, token: complete[caller.name]?.token ?? newToken() }));
}

function callersOf(county: County): readonly Caller[] {
  const parties = county.partyIds().map((id): Caller => ({ name: id, party: id, roles: ['party'] }));
  const senders = county.senderIds().map((id): Caller => {
    const organisation = county.agreements().findLast((agreement) => agreement.id === id)?.organisation ?? id;
    return { name: senderCaller(id), party: organisation, roles: ['sender'] };
  });
  const others = county.callers().map(({ name, party, roles }): Caller => ({ name, party, roles }));
  return [...parties, ...senders, ...others];
}

/** Two apps that start at once on a new state must agree on the tokens: the first file stands. */
function firstCallers(file: string, wanted: readonly Caller[]): CallersFile {
  return parsed(makeOnce(file, written(completed({}, wanted))), file);
}

function completed(present: CallersFile, wanted: readonly Caller[]): CallersFile {
  const complete = { ...present };
  for (const caller of wanted) complete[caller.name] = { ...caller, token: present[caller.name]?.token ?? newToken() };
  return complete;
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

function written(callers: CallersFile): string {
  const entries = Object.entries(callers).map(([name, { token, party, roles }]) => [name, { token, party, roles }]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

function parsed(text: string, file: string): CallersFile {
  const bad = (): never => {
    throw new ConfigurationError([
      `${file}: är skadad, laga den eller ta bort den så görs nya nycklar | ` +
        'is damaged: mend it, or remove it to have new tokens made',
    ]);
  };
  const value: unknown = safelyParsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad();
  const entries = Object.entries(value as Record<string, unknown>).map(([name, entry]) => {
    const given = typeof entry === 'object' && entry !== null ? (entry as Partial<Caller & { token: string }>) : bad();
    const { token, party, roles } = given;
    if (typeof token !== 'string' || token.length < 20) return bad();
    return [name, { name, party: party ?? '', roles: roles ?? [], token }] as const;
  });
  return Object.fromEntries(entries);
}

function safelyParsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
