import type { Scope } from '../events/fact.ts';
import type { Identity, PersonName, Protection, RegisteredAddress } from '../events/statements.ts';
import type { Addressee, PartyWord } from '../routing/addressees.ts';
import type { Stay } from '../stay/stay.ts';

/** The person as a notice may show it: the lawful items of LUS 2:2. */
export interface NoticePerson {
  readonly identity: Identity;
  readonly name?: PersonName;
  /** Absent when unknown; masked (and absent) for a protected person. */
  readonly address?: RegisteredAddress;
  readonly protection?: Protection;
}

/** What every notice carries. */
export interface NoticeBase {
  readonly person: NoticePerson;
  readonly careProvider: string;
}

/** What a notice of one kind is made from. */
export interface NoticeSituation {
  readonly stay: Stay;
  readonly unit: Addressee;
  readonly base: NoticeBase;
  /** What the act that stands in a slot said; undefined when none stands. */
  readonly said: (slot: string) => string | undefined;
}

/** A notice that the state of a stay makes due towards one unit. */
export interface Due<Content> {
  readonly slot: string;
  readonly content: Content;
  /** What of the content, when it changes, makes a new act. */
  readonly says: string;
  /** In which scopes of the unit's need a ground is asked for; consent in one of them is enough. */
  readonly scopes: readonly Scope[];
  /** The word of a party, and not of the ward: it is told on the party's own grounds. */
  readonly saidBy?: PartyWord;
}

/**
 * One kind of notice: when it is due, what it holds, and when it ends. On which grounds and with which elements
 * it is told stands in `disclosure/disclosure-table.ts`. Everything that has to do something for each kind goes through `registry.ts`.
 */
export interface NoticeDefinition<Content extends NoticeBase & { readonly kind: string }> {
  readonly kind: Content['kind'];
  /** What should have been told by now to one who has an INS, in the order of telling. */
  readonly due: (situation: NoticeSituation) => readonly Due<Content>[];
  /**
   * What becomes of one that stands and is not due any more while the stay goes on.
   *
   *   stands            it was true when it was told, and only the end of the stay ends it
   *   withdrawn         it never was true: taken back from whoever has it, ground or not (DEC-15)
   *   withdrawn-on-ground  its end is news that needs a ground as the notice did (rules 12.2)
   */
  readonly notDueAnyMore: (stay: Stay) => 'stands' | 'withdrawn' | 'withdrawn-on-ground';
}
