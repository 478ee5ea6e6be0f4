import type { Instant } from '#libs/domain';
import type { PagesDatabase } from './pages-schema.ts';
import type { PageUser } from './page-request.ts';

/** By which way somebody was told beside the hub. */
export const CONTACT_CHANNELS = {
  telephone: 'telefon',
  fax: 'fax',
  letter: 'brev',
  'e-service': 'e-tjänst',
} as const;

export type ContactChannel = keyof typeof CONTACT_CHANNELS;

/** A call, or a concern report, of a ward: to whom, when and how (rules 12.6). What was said stands nowhere. */
export interface Contact {
  readonly id: string;
  readonly kind: 'call' | 'concern';
  readonly recipient: string;
  readonly at: Instant;
  readonly channel: ContactChannel;
  /** Who noted it, for the ward's own eyes. */
  readonly name: string;
}

interface Row extends Omit<Contact, 'at'> {
  readonly at: string;
}

const COLUMNS = 'form_key as id, kind, recipient, made_at as at, channel, name';

/**
 * What wards did beside the hub. One case has the call, the concern report and the notice side by side; none of them is ever made
 * of another, and a concern report is seen by the ward and the board that got it, and by nobody else (rules 12.6): so nothing
 * but these pages reads this.
 */
export class Contacts {
  readonly #database: PagesDatabase;
  readonly #now: () => Instant;

  constructor(database: PagesDatabase, now: () => Instant) {
    this.#database = database;
    this.#now = now;
  }

  /** Notes one; the same form once more is the same. Errors: the database's. */
  async note(user: PageUser, stay: string, { id, kind, recipient, at, channel }: Omit<Contact, 'name'>): Promise<void> {
    await this.#database.rows(
      `insert into contact (form_key, kind, stay_id, organisation, recipient, made_at, channel, noted_at, subject, name)
       values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8 / 1000.0), $9, $10) on conflict (form_key) do nothing`,
      [id, kind, stay, user.caller.party, recipient, at, channel, this.#now(), user.subject, user.name],
    );
  }

  /** Takes a note of a concern report back that was written by mistake. Errors: the database's. */
  async withdraw(organisation: string, stay: string, id: string): Promise<void> {
    await this.#database.rows(
      `update contact set withdrawn_at = to_timestamp($4 / 1000.0)
       where form_key = $1 and organisation = $2 and stay_id = $3 and kind = 'concern' and withdrawn_at is null`,
      [id, organisation, stay, this.#now()],
    );
  }

  /** Those of an organisation's stay, the earliest first. Errors: the database's. */
  ofStay(organisation: string, stay: string): Promise<Contact[]> {
    return this.#contacts('stay_id = $1 and organisation = $2', [stay, organisation]);
  }

  /** Those that a party got of a stay, the earliest first. Errors: the database's. */
  toParty(party: string, stay: string): Promise<Contact[]> {
    return this.#contacts('stay_id = $1 and recipient = $2', [stay, party]);
  }

  async #contacts(where: string, values: readonly string[]): Promise<Contact[]> {
    const rows = await this.#database.rows<Row>(
      `select ${COLUMNS} from contact where ${where} and withdrawn_at is null order by made_at, form_key`,
      values,
    );
    return rows.map(({ at, ...contact }) => ({ ...contact, at: Number(at) }));
  }
}

const NAMES = { call: 'Samtal', concern: 'Orosanmälan' } as const;

/** What a contact is called where both kinds stand. */
export function contactName({ kind, channel }: Pick<Contact, 'kind' | 'channel'>): string {
  return kind === 'call' && channel === 'fax' ? 'Fax' : NAMES[kind];
}
