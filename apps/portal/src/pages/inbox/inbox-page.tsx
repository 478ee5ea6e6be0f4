import type { VNode } from 'preact';
import type { Desk, Instant } from '#libs/domain';
import type { OwnCase } from '../answers/own-cases.ts';
import { PageForm, Send } from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import { Paging } from '../layout/paging.tsx';
import type { PageUser } from '../page-request.ts';
import { leftWords, timeWords } from '../time-words.ts';
import type { ToldCase } from '../told-cases.ts';
import { type CaseDuty, dutiesOf, expectedWords, maskedNumber, nextStep, standing } from './case-words.ts';

/** What a list of cases has. */
export type InboxShows =
  | { readonly kind: 'open' | 'mine' | 'closed' }
  | { readonly kind: 'desk'; readonly desk: string }
  | { readonly kind: 'search'; readonly text: string; readonly isReadable: boolean };

interface InboxProps {
  readonly user: PageUser;
  readonly shows: InboxShows;
  readonly cases: readonly ToldCase[];
  /** Until when the unit has looked at each case. */
  readonly seen: ReadonlyMap<string, Instant>;
  /** The desk and the unit's own answers, by stay. */
  readonly own: ReadonlyMap<string, OwnCase>;
  readonly isOpenCare: boolean;
  readonly desks: readonly Desk[];
  /** The day in numbers. */
  readonly numbers: { readonly open: number; readonly fresh: number };
  readonly page: number;
  readonly more: boolean;
  readonly now: Instant;
}

/** Thirty cases at a glance: what is new, who, what came last, when home, and what to do. */
export function InboxPage(props: InboxProps): VNode {
  const { user, shows, cases, seen, own, isOpenCare, desks, numbers, page, more, now } = props;
  const dutiesIn = (told: ToldCase): CaseDuty[] => dutiesOf(told, own.get(told.stayId)?.given ?? [], isOpenCare);
  const late = cases.filter((told) => dutiesIn(told).some(({ due }) => due !== undefined && due < now)).length;
  const isNew = (told: ToldCase): boolean => told.changedAt > (seen.get(told.stayId) ?? 0);
  const fresh = cases.filter(isNew).length;
  const deskOf = (told: ToldCase): string | undefined => {
    const desk = own.get(told.stayId)?.desk;
    return desks.length < 2 ? undefined : desks.find(({ id }) => id === desk)?.name;
  };
  // What a search found is not asked for again when something comes: a reload would have to repeat the search.
  const live = shows.kind === 'search' ? undefined : `/inkorg/nytt?sedan=${now}`;
  return (
    <Page title="Inkorg" user={user} current="/inkorg" help={HELP}>
      <div class="title-row">
        <h1>Inkorg</h1>
        <Search user={user} shows={shows} />
      </div>
      <section id="inkorg" aria-label="Ärenden" data-live={live}>
        <p aria-live="polite">
          {`I dag: ${numbers.fresh} med nyheter, ${numbers.open} på sjukhus. `}
          {fresh === 0 ? 'Inget oläst på den här sidan.' : `${fresh} olästa på den här sidan.`}
          {late > 0 && <strong class="late">{` ${late} försenade.`}</strong>}
        </p>
        <ul class="filters no-print">
          <Filter address="/inkorg" text="På sjukhus" isCurrent={shows.kind === 'open'} />
          <Filter address="/inkorg?visa=mina" text="Mina" isCurrent={shows.kind === 'mine'} />
          <Filter address="/inkorg?visa=avslutade" text="Utskrivna och återtagna" isCurrent={shows.kind === 'closed'} />
        </ul>
        {desks.length > 1 && <Desks desks={desks} shows={shows} />}
        {cases.length === 0 ? (
          <p class="empty">{emptyWords(shows)}</p>
        ) : (
          <table class="ds-table rows">
            <caption>{captionOf(shows, desks)}</caption>
            <thead>
              <tr>
                <th scope="col">Läge</th>
                <th scope="col">Person</th>
                <th scope="col">Senast</th>
                <th scope="col">{shows.kind === 'open' ? 'Beräknas hem' : 'Hem'}</th>
                <th scope="col">Att göra</th>
              </tr>
            </thead>
            <tbody>
              {cases.map((told) => (
                <Row
                  key={told.stayId}
                  {...{ told, now, duties: dutiesIn(told), isNew: isNew(told), isFirst: !seen.has(told.stayId) }}
                  desk={deskOf(told)}
                />
              ))}
            </tbody>
          </table>
        )}
        {shows.kind === 'search' ? (
          more && <p>Det finns fler. Skriv mer av namnet, eller hela personnumret.</p>
        ) : (
          <Paging page={page} more={more} addressOf={(number) => `/inkorg?${addressOf(shows)}sida=${number}`} />
        )}
      </section>
    </Page>
  );
}

const CAPTIONS = {
  open: 'Personer på sjukhus',
  mine: 'Ärenden som jag har svarat i',
  closed: 'Utskrivna och återtagna',
};

function captionOf(shows: InboxShows, desks: readonly Desk[]): string {
  if (shows.kind === 'search') return 'Träffar bland enhetens ärenden';
  if (shows.kind !== 'desk') return CAPTIONS[shows.kind];
  return `Personer på sjukhus: ${desks.find(({ id }) => id === shows.desk)?.name ?? ''}`;
}

function emptyWords(shows: InboxShows): string {
  if (shows.kind !== 'search') return 'Inga ärenden här.';
  return shows.isReadable
    ? 'Ingen träff bland enhetens ärenden.'
    : 'Skriv minst två bokstäver av namnet, eller hela personnumret med tolv siffror.';
}

function addressOf(shows: InboxShows): string {
  if (shows.kind === 'desk') return `enhet=${encodeURIComponent(shows.desk)}&`;
  return { open: '', search: '', mine: 'visa=mina&', closed: 'visa=avslutade&' }[shows.kind];
}

const HELP =
  'Här ser du dem som din enhet har fått meddelanden om. Personer med skyddade uppgifter står inte i listan: de kommer till en utsedd person. Sökningen går på namn och nummer bland enhetens egna ärenden, och den loggas.';

function Search({ user, shows }: Pick<InboxProps, 'user' | 'shows'>): VNode {
  return (
    <PageForm user={user} action="/inkorg/sok" label="Sök bland enhetens ärenden" className="search no-print">
      <label class="ds-label" for="sok-person">
        Namn eller personnummer
      </label>
      <input
        class="ds-input"
        id="sok-person"
        name="person"
        type="search"
        autocomplete="off"
        value={shows.kind === 'search' ? shows.text : ''}
        required
      />
      <Send text="Sök" variant="secondary" />
    </PageForm>
  );
}

function Desks({ desks, shows }: Pick<InboxProps, 'desks' | 'shows'>): VNode {
  return (
    <nav aria-label="Enheter" class="no-print">
      <ul class="filters desks">
        {desks.map(({ id, name }) => (
          <Filter
            key={id}
            address={`/inkorg?enhet=${encodeURIComponent(id)}`}
            text={name}
            isCurrent={shows.kind === 'desk' && shows.desk === id}
          />
        ))}
      </ul>
    </nav>
  );
}

interface RowProps {
  readonly told: ToldCase;
  readonly duties: readonly CaseDuty[];
  readonly desk: string | undefined;
  readonly isNew: boolean;
  readonly isFirst: boolean;
  readonly now: Instant;
}

function Row({ told, duties, desk, isNew, isFirst, now }: RowProps): VNode {
  const [next] = duties;
  const last = told.notices.at(-1);
  const expected = expectedWords(told, now);
  return (
    <tr class={isNew ? 'new' : undefined}>
      <td>{isNew ? <Mark text={isFirst ? 'Nytt' : 'Ändrat'} /> : <span class="quiet">Läst</span>}</td>
      <th scope="row">
        <a href={`/arenden/${told.stayId}`}>{told.person.name}</a>
        <small>{maskedNumber(told.person.number)}</small>
        {desk !== undefined && <small>{desk}</small>}
      </th>
      <td>
        {last ? last.name : ''}
        {last && <small>{timeWords(last.sent, now)}</small>}
      </td>
      <td>
        {expected ? expected.now : <span class="quiet">inte angivet</span>}
        {expected?.before !== undefined && (
          <small>
            ändrat från <s>{expected.before}</s>
          </small>
        )}
      </td>
      <td>
        {standing(told).length === 0
          ? 'Inget: återtaget'
          : (next?.text ?? (told.state === 'in hospital' ? 'Inget just nu' : nextStep(told)))}
        {next?.due !== undefined && (
          <small
            class={next.due < now ? 'late' : undefined}
          >{`${leftWords(next.due, now)} (${timeWords(next.due, now)})`}</small>
        )}
      </td>
    </tr>
  );
}

function Mark({ text }: { readonly text: string }): VNode {
  return (
    <span class="ds-tag" data-color="info">
      {text}
    </span>
  );
}

function Filter({ address, text, isCurrent }: { address: string; text: string; isCurrent: boolean }): VNode {
  return (
    <li>
      <a href={address} aria-current={isCurrent ? 'true' : undefined}>
        {text}
      </a>
    </li>
  );
}
