import type { VNode } from 'preact';
import { MINUTE, type Instant } from '#libs/domain';
import { localMinute, minuteIn } from '../answers/sip.ts';
import { CONTACT_CHANNELS, type Contact, type ContactChannel } from '../contacts.ts';
import type { FormFault } from '../hub-resources.ts';
import { Choice, Faults, Field, PageForm, Select, Send, type Option, type Written } from '../layout/form-parts.tsx';
import type { PageUser } from '../page-request.ts';
import { timeWords } from '../time-words.ts';
import type { StatedCall, StatedStay } from '../stated-stays.ts';
import type { UnsentNotice } from './stay-forms.tsx';
import type { StayPlace } from './stay-actions.tsx';

/** The form's name, as `unsent.action` and the address have it. */
export const CONCERN = 'oro';

interface BesideProps {
  readonly user: PageUser;
  readonly stay: StatedStay;
  readonly contacts: readonly Contact[];
  readonly place: StayPlace;
  readonly nameOf: (party: string) => string;
  readonly formKey: string;
  readonly now: Instant;
  readonly unsent?: UnsentNotice | undefined;
}

/**
 * The call, the concern report and the notice of one stay side by side, each with what was done of it (rules 12.6): a ward that does
 * all three sees that it has. None of them is made of another, and none stands in for another.
 */
export function BesideTheHub(props: BesideProps): VNode {
  const { user, stay, contacts, nameOf, now } = props;
  return (
    <>
      <h2>Samtal, orosanmälan och meddelande</h2>
      <p class="quiet">
        Tre olika saker. Ett inskrivningsmeddelande är ingen orosanmälan, och ett samtal är inget meddelande: det ena
        gör aldrig det andra.
      </p>
      <dl class="facts three">
        <Three name="Samtal" lines={callLines(stay.calls, contacts, nameOf, now)} />
        <Three name="Orosanmälan" lines={linesOf(concernsIn(contacts), nameOf, now)} />
        <Three
          name="Inskrivningsmeddelande"
          lines={stay.told
            .filter(({ kind, withdrawn }) => kind === 'INS' && !withdrawn)
            .map(({ recipient, sent }) => `${nameOf(recipient)}, ${timeWords(sent, now)}`)}
        />
      </dl>
      <div class="actions">
        <ConcernForm {...props} />
        {concernsIn(contacts).map(({ id, recipient }) => (
          <PageForm key={id} user={user} action={`/avdelning/${stay.stayId}/oro`} className="inline-form">
            <input type="hidden" name="tillbaka" value={id} />
            <Send text={`Stryk orosanmälan till ${nameOf(recipient)}: felskriven`} variant="tertiary" />
          </PageForm>
        ))}
      </div>
    </>
  );
}

const concernsIn = (contacts: readonly Contact[]) => contacts.filter(({ kind }) => kind === 'concern');

type Way = Pick<Contact, 'recipient' | 'at'> & { readonly channel?: string };

const CHANNEL_NAMES: ReadonlyMap<string | undefined, string> = new Map([
  ...Object.entries(CONTACT_CHANNELS),
  ['paper', 'papper'],
]);

function linesOf(ways: readonly Way[], nameOf: BesideProps['nameOf'], now: Instant): string[] {
  return ways.map(({ recipient, at, channel }) =>
    [nameOf(recipient), timeWords(at, now), CHANNEL_NAMES.get(channel) ?? []].flat().join(', '),
  );
}

/**
 * The calls of a stay: those that the hub has, by whichever way the ward recorded them, and those noted here that are still on
 * their way to it, or were noted before the hub told of calls.
 */
export function callLines(
  calls: readonly StatedCall[],
  contacts: readonly Contact[],
  nameOf: BesideProps['nameOf'],
  now: Instant,
): string[] {
  const minuteOf = (at: Instant) => Math.floor(at / MINUTE);
  const isSame = (call: StatedCall, note: Contact) =>
    call.recipient === note.recipient && call.channel === note.channel && minuteOf(call.at) === minuteOf(note.at);
  const notes = contacts.filter((note) => note.kind === 'call' && !calls.some((call) => isSame(call, note)));
  return linesOf(
    [...calls, ...notes].sort((a, b) => a.at - b.at),
    nameOf,
    now,
  );
}

function Three({ name, lines }: { readonly name: string; readonly lines: readonly string[] }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      {lines.length === 0 && <dd class="quiet">inte gjort</dd>}
      {lines.map((line) => (
        <dd key={line}>{line}</dd>
      ))}
    </div>
  );
}

const CHANNELS: readonly Option[] = Object.entries(CONTACT_CHANNELS);

function ConcernForm({ user, stay, place, formKey, unsent, now }: BesideProps): VNode {
  const mine = unsent?.action === CONCERN ? unsent : undefined;
  const written = mine?.written ?? {};
  return (
    <details class="ds-details" open={mine !== undefined}>
      <summary>Skriv in att en orosanmälan är gjord</summary>
      <div>
        <PageForm user={user} action={`/avdelning/${stay.stayId}/oro`} formKey={`${formKey}-${CONCERN}`}>
          {mine && <Faults faults={mine.faults} />}
          <p class="quiet">
            Anmälan görs genast till socialnämnden på nämndens egen väg (19 kap. 1 § socialtjänstlagen): Bryggan sänder
            den inte. Här står bara dag och sätt. Det ser ni och nämnden, ingen annan.
          </p>
          <Select
            {...{ written, form: CONCERN, name: 'vem', label: 'Till vilken nämnd', required: true, none: 'Välj' }}
            options={place.boards}
          />
          <Choice
            {...{ form: CONCERN, name: 'hur', type: 'radio', label: 'Hur', options: CHANNELS }}
            written={{ hur: 'telephone', ...written }}
          />
          <Field
            {...{ form: CONCERN, name: 'nar', label: 'När', type: 'datetime-local', required: true }}
            written={{ nar: localMinute(now), ...written }}
          />
          <Send text="Spara" />
        </PageForm>
      </div>
    </details>
  );
}

/** A concern report as a form states it, or what is wrong. @param boards those that may be named */
export function concernIn(
  written: Written,
  { boards, now }: Pick<StayPlace, 'boards' | 'now'>,
): Pick<Contact, 'recipient' | 'at' | 'channel'> | readonly FormFault[] {
  const recipient = boards.map(([id]) => id).find((id) => id === written['vem']);
  const channel = CHANNELS.map(([id]) => id as ContactChannel).find((id) => id === written['hur']);
  const at = minuteIn(written['nar']);
  if (recipient === undefined || channel === undefined || at === undefined)
    return [{ code: 'oro', text: 'Fyll i nämnd, sätt och tid.' }];
  return at > now ? [{ code: 'nar', text: 'Tiden har inte varit än.' }] : { recipient, channel, at };
}
