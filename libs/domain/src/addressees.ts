import type { Directory, Party, PartyId } from './directory.ts';
import type { NeedScope } from './event.ts';
import { localDate } from './local-time.ts';
import type { TraceLine } from './notice.ts';
import type { Recipient } from './routing.ts';
import type { Stay } from './stay.ts';
import type { Instant } from './time.ts';

/**
 * Those to whom a stay's notices go: its own recipients, and those whom the stay that it continues has told (DEC-08).
 * What is brought along is who was told and of which need, and nothing else: no ground, no fact, no name of another ward.
 */

/** A party that has an INS of a stay that goes on in this one. */
export interface Inherited {
  readonly party: PartyId;
  /** The need that it was told of: what grounds and INFO of this stay are asked by. */
  readonly scopes: readonly NeedScope[];
  /** The expected discharge that it was last told, as text: the same again is no news (LUS 2:4). Never shown. */
  readonly expected?: string;
  /** From when the hub has known that the stay may go on, and that this party was told. */
  readonly since: Instant;
}

/** What the other stays of the person bring to this one (`continuation.ts`). */
export interface Continuation {
  readonly inherited: readonly Inherited[];
  /** The admissions that continue: later than `after`, and at most `until`. Absent: none does. */
  readonly admitted?: { readonly after: Instant; readonly until: Instant };
  /** From when a later stay that continues this one says that the person is dead. */
  readonly over?: Instant;
}

export const NO_CONTINUATION: Continuation = { inherited: [] };

/** An inherited recipient as the directory has it now. */
export interface Kept extends Omit<Inherited, 'party'> {
  readonly party: Party;
}

/** Whom the stay keeps as told at an instant. A party that has ended is followed by its successor (RTE-24). */
export function keptAt({ inherited, admitted }: Continuation, stay: Stay, now: Instant, directory: Directory): Kept[] {
  const admission = stay.admittedAt;
  if (!admitted || admission === undefined) return [];
  if (admission <= admitted.after || admission > admitted.until) return [];
  const kept = new Map<PartyId, Kept>();
  for (const one of inherited) {
    const party = one.since <= now ? directory.party(one.party, localDate(now)) : undefined;
    if (!party) continue;
    const before = kept.get(party.id);
    kept.set(party.id, { ...one, party, scopes: union(before?.scopes ?? [], one.scopes) });
  }
  return [...kept.values()];
}

/** A party that the notices of a stay go to. */
export interface Addressee {
  readonly party: Party;
  /** The need that it has been told of, in this stay or the one before: in what scopes a ground may be stated. */
  readonly scopes: readonly NeedScope[];
  /** This stay's own need of it; absent: this stay has no INS for it. */
  readonly ownNeed?: readonly NeedScope[];
  /** Present when the stay before has told it. */
  readonly kept?: Kept;
  readonly trace: readonly TraceLine[];
}

/** The recipients of a stay's own INS, in their order, then those who are only kept. */
export function addresseesOf(own: readonly Recipient[], kept: readonly Kept[]): Addressee[] {
  const before = new Map(kept.map((one) => [one.party.id, one]));
  const named = new Set(own.map(({ party }) => party.id));
  return [
    ...own.map(({ party, scopes, trace }): Addressee => {
      const told = before.get(party.id);
      const all = told ? union(scopes, told.scopes) : scopes;
      return { party, scopes: all, ownNeed: scopes, trace, ...(told && { kept: told }) };
    }),
    ...kept.filter(({ party }) => !named.has(party.id)).map(onlyKept),
  ];
}

function onlyKept(kept: Kept): Addressee {
  const { party, scopes } = kept;
  const text = `${party.name} har fått inskrivningsmeddelande i det föregående vårdtillfället, som fortsätter i detta.`;
  return { party, scopes, kept, trace: [{ rule: 'DEC-08', text }] };
}

/** Scopes of either, in the order of the rulebook. */
export function union(a: readonly NeedScope[], b: readonly NeedScope[]): NeedScope[] {
  return (['SOC', 'KHSL', 'ROV'] as const).filter((scope) => a.includes(scope) || b.includes(scope));
}
