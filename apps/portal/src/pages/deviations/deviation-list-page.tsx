import type { VNode } from 'preact';
import { CASE_STATES, codeText, REPORT_CODES, type Instant } from '#libs/domain';
import { Done, Field, Select, Send, type Option } from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import { roleOf, type PageUser } from '../page-request.ts';
import { leftWords, timeWords } from '../time-words.ts';
import { addressOf, type CallersCase, type CaseQuestion } from './deviation-case.ts';
import {
  CARE_WORDS,
  HOSPITAL_WORDS,
  MUNICIPALITY_WORDS,
  SEVERITY_WORDS,
  STATE_WORDS,
  STEP_WORDS,
  wordOf,
} from './deviation-words.ts';

interface ListProps {
  readonly user: PageUser;
  readonly question: CaseQuestion;
  /** Undefined while the hub does not answer. */
  readonly cases: readonly CallersCase[] | undefined;
  readonly next: string | undefined;
  readonly nameOf: (party: string) => string;
  /** To choose from: wards of a hospital's own, or the hospitals that a party may have reported; and municipalities. */
  readonly units: readonly Option[];
  readonly municipalities: readonly Option[];
  /** A report was sent just now. */
  readonly isReported: boolean;
  readonly now: Instant;
}

const HELP = 'Här ser du avvikelser som rör din enhet eller som din enhet har anmält. Ett fel är ett ärende.';
const REVIEW_HELP =
  'Här ser du avvikelser utan uppgift om vem det gäller eller vilken enhet. Du kan agera på dem som har lyfts till er.';

/** Deviation cases, last changed first; a reviewer has them without person and unit. */
export function DeviationListPage(props: ListProps): VNode {
  const { user, question, cases, next, nameOf, units, municipalities, isReported, now } = props;
  const isReview = roleOf(user) === 'observer';
  return (
    <Page title="Avvikelser" user={user} current="/avvikelser" help={isReview ? REVIEW_HELP : HELP}>
      <h1>Avvikelser</h1>
      {isReported && <Done>Anmälan är sänd. Den syns i listan om en liten stund.</Done>}
      <Filter {...{ user, question, units, municipalities }} />
      {cases === undefined && <p class="empty">Bevakningen svarar inte just nu.</p>}
      {cases?.length === 0 && (
        <p class="empty">
          {Object.keys(question).length === 0 ? 'Inga avvikelser här.' : 'Ingen avvikelse stämmer med urvalet.'}
        </p>
      )}
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
      {isReview && cases !== undefined && cases.length > 0 && (
        <p class="links no-print">
          <a href={`/avvikelser/fil${addressOf(question)}`}>Hämta urvalet som CSV</a>
        </p>
      )}
      {next !== undefined && (
        <nav aria-label="Sidor" class="pages">
          <a href={`/avvikelser${addressOf({ ...question, after: next })}`}>Nästa</a>
        </nav>
      )}
    </Page>
  );
}

const optionsOf = (words: Readonly<Record<string, string>>): Option[] => Object.entries(words);
const STATE_OPTIONS: readonly Option[] = CASE_STATES.map((state) => [state, STATE_WORDS[state]]);
const CODE_OPTIONS: readonly Option[] = REPORT_CODES.map((code) => [code, `${code} ${codeText(code).name}`]);

type FilterProps = Pick<ListProps, 'user' | 'question' | 'units' | 'municipalities'>;

/**
 * What a case can be looked for by, as the hub lets the one who asks (rules 12.5): a reviewer by the kinds of hospital and municipality, for
 * unit and municipality stand in closed months alone; a party that is told of a stay by no care type.
 */
function Filter({ user, question, units, municipalities }: FilterProps): VNode {
  const written = { ...question } as Readonly<Record<string, string>>;
  const role = roleOf(user);
  const select = (name: keyof CaseQuestion, label: string, options: readonly Option[]): VNode => (
    <Select {...{ written, form: 'urval', name, label, options, none: 'Alla' }} />
  );
  const isAsked = Object.keys(question).some((name) => name !== 'after');
  return (
    <form method="get" action="/avvikelser" class="filter-form no-print" aria-label="Urval">
      {select('state', 'Läge', STATE_OPTIONS)}
      {select('step', 'Steg', optionsOf(STEP_WORDS))}
      {select('code', 'Avvikelse', CODE_OPTIONS)}
      {role !== 'party' && select('careType', 'Vårdform', optionsOf(CARE_WORDS))}
      {role === 'observer' && select('hospitalKind', 'Sjukhus', optionsOf(HOSPITAL_WORDS))}
      {role === 'observer' && select('municipalityKind', 'Kommun', optionsOf(MUNICIPALITY_WORDS))}
      {role !== 'observer' && select('unit', role === 'sender' ? 'Avdelning' : 'Enhet', units)}
      {role === 'sender' && select('municipality', 'Kommun', municipalities)}
      <Field
        {...{ written, form: 'urval', name: 'month', label: 'Månad, ÅÅÅÅ-MM', size: 8, pattern: '[0-9]{4}-[0-9]{2}' }}
      />
      <Send text="Visa" variant="secondary" />
      {isAsked && <a href="/avvikelser">Visa alla</a>}
      {role === 'observer' && (
        <p class="quiet">
          Enhet och kommun för sig finns bara i <a href="/uppfoljning">avslutade månader</a>.
        </p>
      )}
    </form>
  );
}

interface RowProps extends Pick<ListProps, 'nameOf' | 'now'> {
  readonly one: CallersCase;
  readonly isReview: boolean;
}

function Row({ one, isReview, nameOf, now }: RowProps): VNode {
  const { answerBy, party, month, careType, hospitalKind, municipalityKind } = one;
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
        <td>
          {[wordOf(CARE_WORDS, careType), wordOf(HOSPITAL_WORDS, hospitalKind)].filter(Boolean).join(', ')}
          <small>{wordOf(MUNICIPALITY_WORDS, municipalityKind)}</small>
        </td>
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
