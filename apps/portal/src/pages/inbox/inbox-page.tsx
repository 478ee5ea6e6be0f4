import type { VNode } from 'preact';
import type { Instant } from '#libs/domain';
import type { GivenAnswer } from '../answers/given-answers.ts';
import { Page } from '../layout/page.tsx';
import { Paging } from '../layout/paging.tsx';
import type { PageUser } from '../page-user.ts';
import { leftWords, timeWords } from '../time-words.ts';
import type { CaseFilter, ToldCase } from '../told-cases.ts';
import { dutiesOf, type CaseDuty } from './case-duties.ts';
import { expectedWords, maskedNumber, nextStep, standing } from './case-words.ts';

interface InboxProps {
  readonly user: PageUser;
  readonly filter: CaseFilter | 'mine';
  readonly cases: readonly ToldCase[];
  /** Until when the unit has looked at each case. */
  readonly seen: ReadonlyMap<string, Instant>;
  /** What the unit has answered, by stay. */
  readonly given: ReadonlyMap<string, readonly GivenAnswer[]>;
  readonly isOpenCare: boolean;
  /** The day in numbers. */
  readonly numbers: { readonly open: number; readonly fresh: number };
  readonly page: number;
  readonly more: boolean;
  readonly now: Instant;
}

/** Thirty cases at a glance: what is new, who, what came last, when home, and what to do. */
export function InboxPage(props: InboxProps): VNode {
  const { user, filter, cases, seen, given, isOpenCare, numbers, page, more, now } = props;
  const dutiesIn = (told: ToldCase): CaseDuty[] => dutiesOf(told, given.get(told.stayId) ?? [], isOpenCare);
  const late = cases.filter((told) => dutiesIn(told).some(({ due }) => due !== undefined && due < now)).length;
  const isNew = (told: ToldCase): boolean => told.changedAt > (seen.get(told.stayId) ?? 0);
  const fresh = cases.filter(isNew).length;
  return (
    <Page title="Inkorg" user={user} current="/inkorg" help={HELP}>
      <section id="inkorg" aria-labelledby="rubrik" data-live="/inkorg/nytt">
        <h1 id="rubrik">Inkorg</h1>
        <p aria-live="polite">
          {`I dag: ${numbers.fresh} med nyheter, ${numbers.open} på sjukhus. `}
          {fresh === 0 ? 'Inget oläst på den här sidan.' : `${fresh} olästa på den här sidan.`}
          {late > 0 && <strong class="late">{` ${late} försenade.`}</strong>}
        </p>
        <ul class="filters">
          <Filter address="/inkorg" text="På sjukhus" isCurrent={filter === 'open'} />
          <Filter address="/inkorg?visa=mina" text="Mina" isCurrent={filter === 'mine'} />
          <Filter address="/inkorg?visa=avslutade" text="Utskrivna och återtagna" isCurrent={filter === 'closed'} />
        </ul>
        {cases.length === 0 ? (
          <p class="empty">Inga ärenden här.</p>
        ) : (
          <table class="ds-table rows" data-zebra>
            <caption>{CAPTIONS[filter]}</caption>
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
                <Row
                  key={told.stayId}
                  {...{ told, now, duties: dutiesIn(told), isNew: isNew(told), isFirst: !seen.has(told.stayId) }}
                />
              ))}
            </tbody>
          </table>
        )}
        <Paging page={page} more={more} addressOf={(number) => `/inkorg?${ADDRESSES[filter]}sida=${number}`} />
      </section>
    </Page>
  );
}

const CAPTIONS = {
  open: 'Personer på sjukhus',
  mine: 'Ärenden som jag har svarat i',
  closed: 'Utskrivna och återtagna',
};
const ADDRESSES = { open: '', mine: 'visa=mina&', closed: 'visa=avslutade&' };

const HELP =
  'Här ser du dem som din enhet har fått meddelanden om. Personer med skyddade uppgifter står inte i listan: de kommer till en utsedd person.';

interface RowProps {
  readonly told: ToldCase;
  readonly duties: readonly CaseDuty[];
  readonly isNew: boolean;
  readonly isFirst: boolean;
  readonly now: Instant;
}

function Row({ told, duties, isNew, isFirst, now }: RowProps): VNode {
  const [next] = duties;
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
