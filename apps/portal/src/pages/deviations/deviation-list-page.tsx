import type { VNode } from 'preact';
import { CASE_STATES, type Instant } from '#libs/domain';
import { Done, Field, Select, Send, type Option } from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import { roleOf, type PageUser } from '../page-user.ts';
import { leftWords, timeWords } from '../time-words.ts';
import { addressOf, type CallersCase, type CaseQuestion } from './deviation-case.ts';
import { CARE_WORDS, SEVERITY_WORDS, STATE_WORDS, wordOf } from './deviation-words.ts';

interface ListProps {
  readonly user: PageUser;
  readonly question: CaseQuestion;
  /** Undefined while the hub does not answer. */
  readonly cases: readonly CallersCase[] | undefined;
  readonly next: string | undefined;
  readonly nameOf: (party: string) => string;
  /** A report was sent just now. */
  readonly isReported: boolean;
  readonly now: Instant;
}

const HELP = 'Här ser du avvikelser som rör din enhet eller som din enhet har anmält. Ett fel är ett ärende.';
const REVIEW_HELP =
  'Här ser du avvikelser utan uppgift om vem det gäller eller vilken enhet. Du kan agera på dem som har lyfts till er.';

/** Deviation cases, last changed first; a reviewer has them without person and unit. */
export function DeviationListPage({ user, question, cases, next, nameOf, isReported, now }: ListProps): VNode {
  const isReview = roleOf(user) === 'observer';
  return (
    <Page title="Avvikelser" user={user} current="/avvikelser" help={isReview ? REVIEW_HELP : HELP}>
      <h1>Avvikelser</h1>
      {isReported && <Done>Anmälan är sänd. Den syns i listan om en liten stund.</Done>}
      <Filter question={question} />
      {cases === undefined && <p class="empty">Bevakningen svarar inte just nu.</p>}
      {cases?.length === 0 && <p class="empty">Inga avvikelser här.</p>}
      {cases !== undefined && cases.length > 0 && (
        <table class="ds-table rows">
          <caption>Det senast ändrade först</caption>
          <thead>
            <tr>
              <th scope="col">Läge</th>
              <th scope="col">Avvikelse</th>
              <th scope="col">Allvar</th>
              <th scope="col">{isReview ? 'Var' : 'Enhet'}</th>
              <th scope="col">{isReview ? 'Månad' : 'Svar senast'}</th>
            </tr>
          </thead>
          <tbody>
            {cases.map((one) => (
              <Row key={one.id} one={one} isReview={isReview} nameOf={nameOf} now={now} />
            ))}
          </tbody>
        </table>
      )}
      {next !== undefined && (
        <nav aria-label="Sidor" class="pages">
          <a href={`/avvikelser${addressOf({ ...question, after: next })}`}>Nästa</a>
        </nav>
      )}
    </Page>
  );
}

const STATE_OPTIONS: readonly Option[] = CASE_STATES.map((state) => [state, STATE_WORDS[state]]);

function Filter({ question }: { readonly question: CaseQuestion }): VNode {
  const written = { ...question } as Readonly<Record<string, string>>;
  return (
    <form method="get" action="/avvikelser" class="filter-form no-print" aria-label="Urval">
      <Select {...{ written, form: 'urval', name: 'state', label: 'Läge', none: 'Alla', options: STATE_OPTIONS }} />
      <Field {...{ written, form: 'urval', name: 'code', label: 'Kod', size: 8 }} />
      <Field {...{ written, form: 'urval', name: 'month', label: 'Månad, ÅÅÅÅ-MM', size: 8 }} />
      <Send text="Visa" variant="secondary" />
    </form>
  );
}

interface RowProps extends Pick<ListProps, 'nameOf' | 'now'> {
  readonly one: CallersCase;
  readonly isReview: boolean;
}

function Row({ one, isReview, nameOf, now }: RowProps): VNode {
  const { answerBy, party, month, careType, hospitalKind } = one;
  const due = answerBy === undefined ? undefined : Date.parse(answerBy);
  return (
    <tr>
      <td>
        <span class="ds-tag" data-color={['closed', 'rejected'].includes(one.state) ? 'neutral' : 'info'}>
          {STATE_WORDS[one.state]}
        </span>
      </td>
      <th scope="row">
        <a href={`/avvikelser/${one.id}`}>{one.name ?? one.code}</a>
        <small>{one.code}</small>
      </th>
      <td>{one.severity === undefined ? '' : wordOf(SEVERITY_WORDS, `${one.severity}`)}</td>
      {isReview ? (
        <td>{[wordOf(CARE_WORDS, careType), hospitalKind].filter(Boolean).join(', ')}</td>
      ) : (
        <td>{party === undefined ? '' : nameOf(party)}</td>
      )}
      {isReview ? (
        <td>{month}</td>
      ) : (
        <td>
          {due === undefined ? (
            <span class="quiet">ingen tid</span>
          ) : (
            <span class={due < now ? 'late' : undefined}>{`${leftWords(due, now)} (${timeWords(due, now)})`}</span>
          )}
        </td>
      )}
    </tr>
  );
}
