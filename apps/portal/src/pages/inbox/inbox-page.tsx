import type { VNode } from 'preact';
import type { Instant } from '#libs/domain';
import { Page } from '../layout/page.tsx';
import { Paging } from '../layout/paging.tsx';
import type { PageUser } from '../page-user.ts';
import { timeWords } from '../time-words.ts';
import type { CaseFilter, ToldCase } from '../told-cases.ts';
import { expectedWords, maskedNumber, nextStep, standing } from './case-words.ts';

interface InboxProps {
  readonly user: PageUser;
  readonly filter: CaseFilter;
  readonly cases: readonly ToldCase[];
  /** Until when the unit has looked at each case. */
  readonly seen: ReadonlyMap<string, Instant>;
  readonly page: number;
  readonly more: boolean;
  readonly now: Instant;
}

/** Thirty cases at a glance: what is new, who, what came last, when home, and what to do. */
export function InboxPage({ user, filter, cases, seen, page, more, now }: InboxProps): VNode {
  const isNew = (told: ToldCase): boolean => told.changedAt > (seen.get(told.stayId) ?? 0);
  const fresh = cases.filter(isNew).length;
  return (
    <Page title="Inkorg" user={user} current="/inkorg" help={HELP}>
      <section id="inkorg" aria-labelledby="rubrik" data-live="/inkorg/nytt">
        <h1 id="rubrik">Inkorg</h1>
        <p aria-live="polite">
          {fresh === 0 ? 'Inget nytt på den här sidan.' : `${fresh} med nyheter på den här sidan.`}
        </p>
        <ul class="filters">
          <Filter address="/inkorg" text="På sjukhus" isCurrent={filter === 'open'} />
          <Filter address="/inkorg?visa=avslutade" text="Utskrivna och återtagna" isCurrent={filter === 'closed'} />
        </ul>
        {cases.length === 0 ? (
          <p class="empty">Inga ärenden här.</p>
        ) : (
          <table class="ds-table rows" data-zebra>
            <caption>{filter === 'open' ? 'Personer på sjukhus' : 'Utskrivna och återtagna'}</caption>
            <thead>
              <tr>
                <th scope="col">Läge</th>
                <th scope="col">Person</th>
                <th scope="col">Senast</th>
                <th scope="col">{filter === 'open' ? 'Beräknas hem' : 'Hem'}</th>
                <th scope="col">Att göra</th>
              </tr>
            </thead>
            <tbody>
              {cases.map((told) => (
                <Row key={told.stayId} told={told} isNew={isNew(told)} isFirst={!seen.has(told.stayId)} now={now} />
              ))}
            </tbody>
          </table>
        )}
        <Paging
          page={page}
          more={more}
          addressOf={(number) =>
            filter === 'closed' ? `/inkorg?visa=avslutade&sida=${number}` : `/inkorg?sida=${number}`
          }
        />
      </section>
    </Page>
  );
}

const HELP =
  'Här ser du dem som din enhet har fått meddelanden om. Personer med skyddade uppgifter står inte i listan: de kommer till en utsedd person.';

interface RowProps {
  readonly told: ToldCase;
  readonly isNew: boolean;
  readonly isFirst: boolean;
  readonly now: Instant;
}

function Row({ told, isNew, isFirst, now }: RowProps): VNode {
  const last = told.notices.at(-1);
  const expected = expectedWords(told, now);
  return (
    <tr class={isNew ? 'new' : undefined}>
      <td>{isNew ? <Mark text={isFirst ? 'Nytt' : 'Ändrat'} /> : <span class="quiet">Läst</span>}</td>
      <th scope="row">
        <a href={`/arenden/${told.stayId}`}>{told.person.name}</a>
        <small>{maskedNumber(told.person.number)}</small>
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
      <td>{standing(told).length === 0 ? 'Inget: återtaget' : nextStep(told)}</td>
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
