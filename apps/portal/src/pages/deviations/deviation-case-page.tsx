import type { VNode } from 'preact';
import type { CaseActName, Instant } from '#libs/domain';
import type { FormFault } from '../hub-resources.ts';
import { Done, Faults, LongField, PageForm, Select, Send, type Option, type Written } from '../layout/form-parts.tsx';
import { Fact } from '../layout/fact.tsx';
import { Page } from '../layout/page.tsx';
import { roleOf, type PageUser } from '../page-request.ts';
import { leftWords, timeWords } from '../time-words.ts';
import type { CallersCase } from './deviation-case.ts';
import {
  ACT_WORDS,
  ACTION_WORDS,
  CARE_WORDS,
  CAUSE_WORDS,
  CONSEQUENCE_WORDS,
  DONE_WORDS,
  QUESTION_WORDS,
  REASON_WORDS,
  REASONS_OF,
  SEVERITY_WORDS,
  STATE_WORDS,
  wordOf,
} from './deviation-words.ts';

interface CaseProps {
  readonly user: PageUser;
  readonly found: CallersCase;
  readonly nameOf: (party: string) => string;
  readonly formKey: string;
  readonly now: Instant;
  readonly done?: string | undefined;
  /** A form that was sent and not taken. */
  readonly unsent?: { readonly act: string; readonly written: Written; readonly faults: readonly FormFault[] };
}

const HELP = 'Här står vad som hänt med avvikelsen, vem som ska göra något nu, och vad du kan göra.';

/** One deviation case: where it stands, what the reader may do, and what has been done. */
export function DeviationCasePage(props: CaseProps): VNode {
  const { user, found, nameOf, now, done } = props;
  const { answer, answerBy, history = [], reports = [], acts = [] } = found;
  const due = answerBy === undefined ? undefined : Date.parse(answerBy);
  const stayAt = roleOf(user) === 'sender' ? '/avdelning' : '/arenden';
  return (
    <Page title="Avvikelse" user={user} current="/avvikelser" help={HELP}>
      <p class="no-print">
        <a href="/avvikelser">Till avvikelserna</a>
      </p>
      <h1>{found.name ?? found.code}</h1>
      {done !== undefined && <Done>{done}</Done>}
      <dl class="facts">
        <Fact name="Läge" value={STATE_WORDS[found.state]} />
        <Fact name="Kod" value={found.code} />
        {found.severity !== undefined && <Fact name="Allvar" value={wordOf(SEVERITY_WORDS, `${found.severity}`)} />}
        {found.party !== undefined && <Fact name="Enhet" value={nameOf(found.party)} />}
        {found.careType !== undefined && <Fact name="Vårdform" value={wordOf(CARE_WORDS, found.careType)} />}
        {found.month !== undefined && <Fact name="Månad" value={found.month} />}
        {due !== undefined && <Fact name="Svar senast" value={`${leftWords(due, now)} (${timeWords(due, now)})`} />}
      </dl>
      {found.stay !== undefined && (
        <p class="no-print">
          <a href={`${stayAt}/${found.stay}`}>Till ärendet</a>
        </p>
      )}
      <div class="case">
        <section aria-labelledby="gora" class="case-do">
          <h2 id="gora">Gör något</h2>
          {acts.length === 0 && <p>Inget för er att göra just nu.</p>}
          <div class="actions">
            {acts.map((act) => (
              <ActForm key={act} act={act} {...props} />
            ))}
          </div>
        </section>
        <section aria-labelledby="handelser">
          {answer && <Answer answer={answer} />}
          {reports.length > 0 && <Reports reports={reports} />}
          <h2 id="handelser">Händelser</h2>
          {history.length === 0 && <p>Händelserna visas för dem som avvikelsen gäller.</p>}
          <ol class="timeline">
            {history.map((line) => (
              <Line key={`${line.at} ${line.what} ${line.by}`} line={line} nameOf={nameOf} now={now} />
            ))}
          </ol>
        </section>
      </div>
    </Page>
  );
}

function Answer({ answer }: { readonly answer: NonNullable<CallersCase['answer']> }): VNode {
  return (
    <>
      <h2>Enhetens svar</h2>
      <dl class="facts">
        <Fact name="Orsak" value={wordOf(CAUSE_WORDS, answer.cause)} />
        <Fact name="Åtgärd" value={wordOf(ACTION_WORDS, answer.action)} />
      </dl>
      {answer.text !== undefined && <p class="text">{answer.text}</p>}
    </>
  );
}

function Reports({ reports }: { readonly reports: NonNullable<CallersCase['reports']> }): VNode {
  return (
    <>
      <h2>Anmält</h2>
      <ul>
        {reports.map(({ id, code, consequence, text, own }) => (
          <li key={id}>
            <strong>{`${code}${own === true ? ', av er' : ''}`}</strong>
            {consequence !== undefined && ` Följd: ${wordOf(CONSEQUENCE_WORDS, consequence)}.`}
            {text !== undefined && <p class="text">{text}</p>}
          </li>
        ))}
      </ul>
    </>
  );
}

interface LineProps extends Pick<CaseProps, 'nameOf' | 'now'> {
  readonly line: NonNullable<CallersCase['history']>[number];
}

function Line({ line, nameOf, now }: LineProps): VNode {
  const { at, by, what, reason, question } = line;
  const said = [wordOf(REASON_WORDS, reason), wordOf(QUESTION_WORDS, question)].filter(Boolean).join(' ');
  return (
    <li>
      <p class="when">
        <time dateTime={at}>{timeWords(Date.parse(at), now)}</time>
      </p>
      <h3>{wordOf(DONE_WORDS, what)}</h3>
      {said !== '' && <p class="text">{said}</p>}
      <p class="quiet">{by === 'hub' ? 'Av Bryggan' : `Av ${nameOf(by)}`}</p>
    </li>
  );
}

/** The form of one act, with what that act has to say. */
function ActForm({ act, user, found, formKey, unsent }: CaseProps & { readonly act: CaseActName }): VNode {
  const mine = unsent?.act === act ? unsent : undefined;
  const written = mine?.written ?? {};
  const options = (words: Readonly<Record<string, string>>, only?: readonly string[]): Option[] =>
    Object.entries(words).filter(([code]) => only === undefined || only.includes(code));
  const reasons = REASONS_OF[act];
  const ownReports = (found.reports ?? []).filter(({ own }) => own === true);
  return (
    <details class="ds-details" open={mine !== undefined}>
      <summary>{ACT_WORDS[act]}</summary>
      <div>
        <PageForm user={user} action={`/avvikelser/${found.id}`} formKey={`${formKey}-${act}`}>
          <input type="hidden" name="act" value={act} />
          <input type="hidden" name="version" value={found.version} />
          {mine && <Faults faults={mine.faults} />}
          {act === 'answer' && (
            <Select
              {...{ written, form: act, name: 'cause', label: 'Orsak', required: true, none: 'Välj' }}
              options={options(CAUSE_WORDS)}
            />
          )}
          {act === 'answer' && (
            <Select
              {...{ written, form: act, name: 'action', label: 'Åtgärd', required: true, none: 'Välj' }}
              options={options(ACTION_WORDS)}
            />
          )}
          {act === 'answer' && (
            <LongField
              {...{ written, form: act, name: 'text', label: 'Med egna ord' }}
              hint="Läses av den som anmälde, och av ingen annan. Skriv inget om personen."
            />
          )}
          {act === 'ask' && (
            <Select
              {...{ written, form: act, name: 'question', label: 'Fråga', required: true, none: 'Välj' }}
              options={options(QUESTION_WORDS)}
            />
          )}
          {reasons && (
            <Select
              {...{ written, form: act, name: 'reason', label: 'Varför', required: true, none: 'Välj' }}
              options={options(REASON_WORDS, reasons)}
            />
          )}
          {act === 'withdraw' && (
            <Select
              {...{ written, form: act, name: 'report', label: 'Anmälan', required: true }}
              options={ownReports.map(({ id, code }): Option => [id, code])}
            />
          )}
          <Send text={ACT_WORDS[act]} />
        </PageForm>
      </div>
    </details>
  );
}
