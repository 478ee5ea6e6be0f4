import type { Identity, IdentityType, Protection } from '#libs/domain';
import type { County, TestPerson } from './county.ts';

/** What the population register and the listing know of a person on the day of asking. */
export interface RegisteredPerson {
  /** The number that holds now; another than was asked for when that one has been replaced. */
  readonly identity: Pick<Identity, 'type' | 'value' | 'certainty'>;
  /** Numbers that the person had before. */
  readonly formerly: readonly string[];
  readonly family: string;
  readonly given: string;
  readonly birthDate?: string;
  /** Absent for one whom the register protects, and for one who is not registered anywhere. */
  readonly address?: {
    readonly street?: string;
    readonly postalCode?: string;
    readonly city?: string;
    readonly municipality: string;
    readonly district?: string;
  };
  readonly listedClinic?: string;
  readonly protection?: Protection;
  /** Local date of death. */
  readonly died?: string;
}

/** Who is this? A port: behind it stands the region's own look-up, or a file of test persons. */
export interface PersonRegister {
  /** False where the county has none: then nobody is looked up. */
  isThere(): boolean;
  /**
   * @param identity as its type writes it, twelve digits for a personal number
   * @returns undefined when the register has nobody of that number, now or before
   * @throws when the register does not answer
   */
  find(identity: { readonly type: IdentityType; readonly value: string }): Promise<RegisteredPerson | undefined>;
}

/** The test persons of a county's folder, as a register. */
export class FilePersonRegister implements PersonRegister {
  readonly #county: Pick<County, 'testPersons'>;

  constructor(county: Pick<County, 'testPersons'>) {
    this.#county = county;
  }

  isThere(): boolean {
    return this.#county.testPersons().length > 0;
  }

  find({
    type,
    value,
  }: {
    readonly type: IdentityType;
    readonly value: string;
  }): Promise<RegisteredPerson | undefined> {
    const person = this.#county
      .testPersons()
      .find((one) => (one.type === type && one.value === value) || one.formerly?.includes(value) === true);
    return Promise.resolve(person && registered(person));
  }
}

function registered(person: TestPerson): RegisteredPerson {
  const { type, value, family, given, birthDate, street, postalCode, city, municipality, district } = person;
  const { certainty, formerly = [], listedClinic, protection, died } = person;
  const address = municipality !== undefined && protection === undefined ? { municipality } : undefined;
  return {
    identity: { type, value, ...(certainty && { certainty }) },
    formerly,
    family,
    given,
    ...(birthDate !== undefined && { birthDate }),
    ...(address && {
      address: {
        ...address,
        ...(street !== undefined && { street }),
        ...(postalCode !== undefined && { postalCode }),
        ...(city !== undefined && { city }),
        ...(district !== undefined && { district }),
      },
    }),
    // Where a protected person is listed tells where the person lives.
    ...(listedClinic !== undefined && !protection && { listedClinic }),
    ...(protection && { protection }),
    ...(died !== undefined && { died }),
  };
}
