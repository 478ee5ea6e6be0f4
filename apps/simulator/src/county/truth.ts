/**
 * What must be so at the end of a county, by the knowledge of the one who made it: not by the rules of the hub, which are
 * what is being examined.
 */
export const CODES = [
  'INS-01',
  'INS-02',
  'INS-03',
  'INS-04',
  'INS-05',
  'INS-11',
  'BUT-01',
  'BUT-02',
  'BUT-03',
  'BUT-04',
  'UTK-01',
  'UTK-02',
  'UTK-03',
  'UTK-04',
  'UTK-07',
  'TVG-03',
  'UTS-01',
  'UTS-02',
  'UTS-03',
  'UTS-05',
  'UTS-06',
  'UTS-07',
  'UTS-08',
  'ATI-01',
  'ATI-02',
  'SEK-02',
  'TEK-01',
  'TEK-03',
  'TEK-04',
] as const;
export type Code = (typeof CODES)[number];

export const CATEGORIES = [
  'INS',
  'INS-WITHDRAWN',
  'BUT',
  'UTK',
  'UTK-WITHDRAWN',
  'OPT-DECISION',
  'UTS',
  'INFO',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** How many notices of each kind stand at one party. */
export type Notices = Readonly<Partial<Record<Category, number>>>;

export type TaskCode = 'ROUTE-BY-HAND' | 'COMPLETE-INS' | 'STATE-GROUND' | 'CONFIRM';

/** Who is to blame, or has to act: the hospital that sent the stay, the hub itself, or the people who run it. */
export type Responsible = 'hospital' | 'hub' | 'operator';

/** What the hub did not do in time is its own; all else a ward did not do. */
export function responsibleFor(code: Code): Responsible {
  return code.startsWith('TEK-') ? 'hub' : 'hospital';
}

/** The information at discharge that one message states, in the ward's own words: for whom, and which texts. */
export interface Information {
  readonly scopes: readonly string[];
  readonly text: string;
}

/** Of one stay: the deviations that are open, what each party has that still holds, and what people still have to do. */
export interface Truth {
  /** One entry per deviation: a code stands there as often as it must be open. */
  readonly deviations: readonly Code[];
  readonly notices: ReadonlyMap<string, Notices>;
  /** By message, in the order of writing: who has information that holds has the last words for it among theirs. */
  readonly information: readonly (readonly Information[])[];
  /** By code, who has to do them. */
  readonly tasks: ReadonlyMap<TaskCode, readonly Responsible[]>;
  /**
   * All stays of the person are of this truth, so that it can tell who was admitted again. A county has many stays of the few
   * official test persons, who so come back all the time: of theirs nothing is told of it.
   */
  readonly tellsReadmissions: boolean;
}

/** A deviation that must stand at a moment, and as what: suspected (`preliminary`) or said (`final`). */
export interface Look {
  readonly at: number;
  readonly code: Code;
  readonly status: 'preliminary' | 'final';
}

/** A truth under construction. A stay of which nothing is said must lead to nothing at all. */
export class TruthDraft implements Truth {
  readonly deviations: Code[] = [];
  readonly notices = new Map<string, Notices>();
  readonly information: (readonly Information[])[] = [];
  readonly tasks = new Map<TaskCode, readonly Responsible[]>();
  tellsReadmissions = false;

  /** A deviation that must be open at the end, once or several times. */
  flagged(code: Code, times = 1): void {
    for (let n = 0; n < times; n++) this.deviations.push(code);
  }

  /** What a party must have that still holds. Said again, it replaces what was said of that party. */
  told(party: string, notices: Notices): void {
    this.notices.set(party, notices);
  }

  /**
   * Something that people must still have to do: where to send it the operator knows, all else the ward. What nobody has done
   * when the county's time is over has gone on to the other one, but for a ground, which is asked of the ward alone.
   */
  leaves(task: TaskCode): void {
    this.tasks.set(task, task === 'STATE-GROUND' ? ['hospital'] : ['hospital', 'operator']);
  }
}

/**
 * True of a code on which the truth of a stay has its say. A readmission is shown by the person's other stays, and is told of those
 * alone whose person has no others (`tellsReadmissions`).
 */
export function isTold({ tellsReadmissions }: Pick<Truth, 'tellsReadmissions'>, code: string): boolean {
  return tellsReadmissions || !code.startsWith('ATI-');
}
