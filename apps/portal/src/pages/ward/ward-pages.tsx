import type { VNode } from 'preact';
import { answerCodeOf, GROUND_NAMES, type Instant } from '#libs/domain';
import { NOTICE_NAMES, toldBeside } from '#libs/fhir';
import { ANSWER_NAMES, statementLines } from '../answers/answer-words.ts';
import type { HeardAnswer } from '../answers/given-answers.ts';
import { maskedNumber, numberName, wholeNumber } from '../inbox/case-words.ts';
import { Done } from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import { Paging } from '../layout/paging.tsx';
import type { PageUser } from '../page-request.ts';
import type { StatedStay, StatedTelling } from '../stated-stays.ts';
import { leftWords, timeWords } from '../time-words.ts';
import type { Contact } from '../contacts.ts';
import { BesideTheHub } from './concern-report.tsx';
import type { StayPlace } from './stay-actions.tsx';
import { endWords } from './stay-end.ts';
import { AnswerQuestion, StayForms, type UnsentNotice } from './stay-forms.tsx';

interface ListProps {
  readonly user: PageUser;
  readonly stays: readonly StatedStay[];
  /** What recipients have said, by stay. */
  readonly answers: ReadonlyMap<string, readonly HeardAnswer[]>;
  /** A notice was sent just now. */
  readonly isSent: boolean;
  readonly page: number;
  readonly more: boolean;
  readonly now: Instant;
}

const LIST_HELP =
  'Här ser du dem som dina avdelningar har skrivit in: vad som har sänts, om det har kommit fram, och vad som saknas.';

/** The ward's patients: what was sent, whether it has arrived, and what is missing with its time. */
export function WardListPage({ user, stays, answers, isSent, page, more, now }: ListProps): VNode {
  return (
    <Page title="Mina patienter" user={user} current="/avdelning" help={LIST_HELP}>
      <div class="title-row">
        <h1>Mina patienter</h1>
        <a class="ds-button" href="/avdelning/ny">
          Nytt inskrivningsmeddelande
        </a>
      </div>
      {isSent && <Done>Meddelandet är sänt. Patienten syns i listan om en liten stund.</Done>}
      {stays.length === 0 ? (
        <p class="empty">Inga vårdtillfällen här.</p>
      ) : (
        <table class="ds-table rows" data-zebra>
          <caption>Vårdtillfällen, det senast ändrade först</caption>
          <thead>
            <tr>
              <th scope="col">Patient</th>
              <th scope="col">Utskrivning</th>
              <th scope="col">Sänt</th>
              <th scope="col">Svar</th>
              <th scope="col">Saknas</th>
            </tr>
          </thead>
          <tbody>
            {stays.map((stay) => (
              <Row key={stay.stayId} stay={stay} answers={answers.get(stay.stayId) ?? []} now={now} />
            ))}
          </tbody>
        </table>
      )}
      <Paging page={page} more={more} addressOf={(number) => `/avdelning?sida=${number}`} />
    </Page>
  );
}

interface RowProps {
  readonly stay: StatedStay;
  readonly answers: readonly HeardAnswer[];
  readonly now: Instant;
}

function Row({ stay, answers, now }: RowProps): VNode {
  const standing = stay.told.filter(({ withdrawn }) => !withdrawn);
  const waiting = standing.filter(({ received }) => received === undefined).length;
  const end = endWords(stay, now);
  return (
    <tr>
      <th scope="row">
        <a href={`/avdelning/${stay.stayId}`}>{stay.name}</a>
        <small>{maskedNumber(stay.number)}</small>
      </th>
      <td>
        {end.text}
        {end.isOver && <small>{end.name}</small>}
      </td>
      <td>
        {standing.length === 0 ? <span class="quiet">inget</span> : noticesWords(standing.length)}
        {waiting > 0 && <small>{waiting} inte framme</small>}
      </td>
      <td>
        <Acknowledged told={standing} answers={answers} />
        {answers.length > 0 && (
          <small>{`${answers.length} svar, senast ${timeWords(answers.at(-1)?.sent ?? 0, now)}`}</small>
        )}
      </td>
      <td>
        {stay.tasks.length === 0 ? <span class="quiet">inget</span> : null}
        {stay.tasks.map(({ id, name, due }) => (
          <p key={id} class="text">
            {name}
            {due !== undefined && <small>{`${leftWords(due, now)} (${timeWords(due, now)})`}</small>}
          </p>
        ))}
      </td>
    </tr>
  );
}

const noticesWords = (count: number): string => (count === 1 ? '1 meddelande' : `${count} meddelanden`);

/** How many of those who were told have had a person read it (KVI); a system that has received it is not a reader. */
function Acknowledged({ told, answers }: { told: readonly StatedTelling[]; answers: readonly HeardAnswer[] }): VNode {
  if (told.length === 0) return <span class="quiet">inget att svara på</span>;
  const units = new Set(told.map(({ recipient }) => recipient));
  const read = new Set(
    answers.flatMap(({ undone, party, says }) => (!undone && says.kind === 'acknowledged' ? [party] : [])),
  );
  const back = answers.some(({ undone, says }) => !undone && says.kind === 'returned');
  const count = [...units].filter((unit) => read.has(unit)).length;
  return (
    <>
      {count === units.size ? 'Alla har kvitterat' : `${count} av ${units.size} har kvitterat`}
      {back && (
        <small>
          <span class="ds-tag" data-color="warning">
            Returnerat
          </span>
        </small>
      )}
    </>
  );
}

const STAY_HELP =
  'Här står vem som har fått veta vad, varför, och vad som hålls inne. Kommunens egna uppgifter visas inte.';

interface StayProps {
  readonly user: PageUser;
  readonly answers: readonly HeardAnswer[];
  readonly stay: StatedStay;
  /** Calls and concern reports, which went beside the hub. */
  readonly contacts: readonly Contact[];
  readonly now: Instant;
  readonly nameOf: (party: string) => string;
  readonly place: StayPlace;
  readonly formKey: string;
  readonly done?: string | undefined;
  readonly unsent?: UnsentNotice | undefined;
}

/** One stay: who was told what and why, what is held back and what would permit it. */
export function WardStayPage(props: StayProps): VNode {
  const { user, stay, answers, now, nameOf, done } = props;
  const end = endWords(stay, now);
  return (
    <Page title="Vårdtillfälle" user={user} current="/avdelning" help={STAY_HELP}>
      <p class="links no-print">
        <a href="/avdelning">Till listan</a>
        <a href={`/avvikelser/ny?arende=${stay.stayId}`}>Anmäl en avvikelse</a>
      </p>
      <h1>{stay.name}</h1>
      {done !== undefined && <Done>{done}</Done>}
      {stay.isProtected && (
        <p class="ds-alert" data-color="danger">
          <strong>Skyddade personuppgifter.</strong> Inget sänds av en regel: en människa väljer mottagare.
        </p>
      )}
      <dl class="facts">
        <div>
          <dt>{numberName(stay.number)}</dt>
          <dd>{wholeNumber(stay.number)}</dd>
        </div>
        <div>
          <dt>{end.name}</dt>
          <dd>{end.text}</dd>
        </div>
      </dl>
      <div class="case">
        <section aria-labelledby="meddela" class="case-do">
          {stay.tasks.length > 0 && <Missing stay={stay} now={now} />}
          {stay.findings.length > 0 && <Findings stay={stay} />}
          <h2 id="meddela" class="no-print">
            Meddela
          </h2>
          <StayForms {...props} />
          <BesideTheHub {...props} />
        </section>
        <section aria-labelledby="veta">
          {answers.length > 0 && <Answers {...props} />}
          <h2 id="veta">Vem som har fått veta vad</h2>
          {stay.told.length === 0 && <p>Ingen har fått något meddelande.</p>}
          <ol class="timeline">
            {stay.told.map((line) => (
              <Telling key={line.id} line={line} now={now} recipient={nameOf(line.recipient)} />
            ))}
          </ol>
          {stay.calls.length > 0 && <Calls {...props} />}
          {stay.withheld.length > 0 && <Withheld stay={stay} nameOf={nameOf} />}
        </section>
      </div>
    </Page>
  );
}

function Answers(props: StayProps): VNode {
  const { stay, answers, now, nameOf } = props;
  // An acknowledgement says nothing but of which notice it is one.
  const noticeOf = (about: string | undefined): string[] => {
    const kind = stay.told.find(({ id }) => id === about)?.kind;
    return kind === undefined ? [] : [NOTICE_NAMES[kind as keyof typeof NOTICE_NAMES]];
  };
  const linesOf = ({ says, about }: HeardAnswer): string[] =>
    says.kind === 'acknowledged' || says.kind === 'returned'
      ? [...noticeOf(about), ...statementLines(says, nameOf, now)]
      : statementLines(says, nameOf, now);
  return (
    <>
      <h2>Vad mottagarna har svarat</h2>
      <ol class="timeline">
        {answers.map((answer) => (
          <li key={answer.id} class={answer.undone ? 'withdrawn' : undefined}>
            <p class="when">{timeWords(answer.sent, now)}</p>
            <h3>
              {`${ANSWER_NAMES[answerCodeOf(answer.says)]}, ${nameOf(answer.party)}`}
              {answer.undone && (
                <span class="ds-tag" data-color="warning">
                  Återtaget
                </span>
              )}
            </h3>
            <p class="text">{linesOf(answer).join('\n')}</p>
            {answer.ground !== undefined && <p class="quiet">Grund: {GROUND_NAMES[answer.ground]}</p>}
            {answer.says.kind === 'asked' && !answer.undone && <AnswerQuestion {...props} thread={answer.eventId} />}
          </li>
        ))}
      </ol>
    </>
  );
}

/** What the ward has said that had no effect (DEC-19): nobody else can put it right. */
function Findings({ stay }: { readonly stay: StatedStay }): VNode {
  return (
    <>
      <h2>Att rätta</h2>
      {stay.findings.map((finding) => (
        <p key={finding} class="text">
          {finding}
        </p>
      ))}
    </>
  );
}

function Missing({ stay, now }: { readonly stay: StatedStay; readonly now: Instant }): VNode {
  return (
    <>
      <h2>Att göra</h2>
      <ul>
        {stay.tasks.map(({ id, name, text, due }) => (
          <li key={id}>
            <strong>{name}.</strong> {text}
            {due !== undefined && ` ${leftWords(due, now)} (${timeWords(due, now)}).`}
          </li>
        ))}
      </ul>
    </>
  );
}

interface TellingProps {
  readonly line: StatedTelling;
  readonly recipient: string;
  readonly now: Instant;
}

function Telling({ line, recipient, now }: TellingProps): VNode {
  const name = NOTICE_NAMES[line.kind as keyof typeof NOTICE_NAMES];
  return (
    <li>
      <p class="when">{timeWords(line.sent, now)}</p>
      <h3>
        {`${name} till ${recipient}`}
        {line.withdrawn && (
          <span class="ds-tag" data-color="warning">
            Återtaget
          </span>
        )}
      </h3>
      <p class="quiet">{line.received === undefined ? 'Inte framme än' : `Framme ${timeWords(line.received, now)}`}</p>
      {line.why.length > 0 && (
        <details class="ds-details">
          <summary>Varför</summary>
          <ul>
            {line.why.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </details>
      )}
    </li>
  );
}

/** Whom the ward told itself, beside the hub (TEK-02). */
function Calls({ stay, now, nameOf }: Pick<StayProps, 'stay' | 'now' | 'nameOf'>): VNode {
  return (
    <>
      <h2>Vid sidan av Bryggan</h2>
      <p class="quiet">Ett samtal, ett fax eller ett brev uppfyller ingen tidsgräns: meddelandet ska sändas ändå.</p>
      <ul>
        {stay.calls.map(({ id, kind, recipient, at, channel }) => (
          <li key={id}>
            <strong>{`${kind === undefined ? 'Samtal' : NOTICE_NAMES[kind as keyof typeof NOTICE_NAMES]} till ${nameOf(recipient)}:`}</strong>{' '}
            {`${toldBeside(channel)} ${timeWords(at, now)}`}
          </li>
        ))}
      </ul>
    </>
  );
}

function Withheld({ stay, nameOf }: Pick<StayProps, 'stay' | 'nameOf'>): VNode {
  return (
    <>
      <h2>Hålls inne</h2>
      <ul>
        {stay.withheld.map(({ kind, recipient, text }) => (
          <li key={`${kind} ${recipient}`}>
            <strong>{`${NOTICE_NAMES[kind as keyof typeof NOTICE_NAMES]} till ${nameOf(recipient)}:`}</strong> {text}
          </li>
        ))}
      </ul>
    </>
  );
}
