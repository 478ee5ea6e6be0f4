import type { VNode } from 'preact';
import { answerCodeOf, type Instant } from '#libs/domain';
import type { AnswerPlace } from '../answers/answer-action.tsx';
import { AcknowledgeForm, AnswerForms, RespondForm, UndoForm, type Unsent } from '../answers/answer-forms.tsx';
import { ANSWER_NAMES, statementLines } from '../answers/answer-words.ts';
import type { GivenAnswer, HeardAnswer } from '../answers/given-answers.ts';
import { isVideoLink, sipDetails } from '../answers/sip.ts';
import { CONTACT_CHANNELS, contactName, type Contact } from '../contacts.ts';
import { Done } from '../layout/form-parts.tsx';
import { Fact } from '../layout/fact.tsx';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-request.ts';
import { leftWords, timeWords } from '../time-words.ts';
import type { ToldCase, ToldNotice } from '../told-cases.ts';
import {
  type CaseDuty,
  dutiesOf,
  expectedWords,
  STATE_WORDS,
  unacknowledged,
  numberName,
  replaced,
  wholeNumber,
} from './case-words.ts';

interface CaseProps {
  readonly user: PageUser;
  readonly told: ToldCase;
  readonly given: readonly GivenAnswer[];
  /** What the ward said to us beside the hub. */
  readonly contacts: readonly Contact[];
  readonly place: AnswerPlace;
  readonly now: Instant;
  readonly nameOf: (party: string) => string;
  /** Of this showing of the page. */
  readonly formKey: string;
  /** A form that was sent and not taken. */
  readonly unsent?: Unsent | undefined;
  /** What was done just now. */
  readonly done?: string | undefined;
}

const HELP =
  'Här står allt som din enhet har fått veta om vårdtillfället och vad ni har svarat, i tidsordning. Vad andra har fått visas inte.';

const BUSY = 'Något nytt har kommit i ärendet. Det visas när formuläret är sänt eller stängt.';
const FRESH = 'Något nytt har kommit i ärendet.';

/** One case: who, where things stand, what to do and by when, what may be answered, and one line of time. */
export function CasePage(props: CaseProps): VNode {
  const { user, told, given, place, now, done, unsent } = props;
  const { person } = told;
  const expected = expectedWords(told, now);
  const duties = dutiesOf(told, given, place.party.kind === 'clinic');
  const fresh = unacknowledged(told, given).map(({ id }) => id);
  const forms = { user, place, now, unsent, formKey: props.formKey, seen: lastOrdinal(given), done: doneOnce(given) };
  // The address of a form that was not taken shows nothing when it is fetched.
  const live = unsent === undefined ? `/inkorg/nytt?arende=${told.stayId}&sedan=${now}` : undefined;
  return (
    <Page title="Ärende" user={user} current="/inkorg" help={HELP}>
      <p class="links no-print">
        <a href="/inkorg">Till inkorgen</a>
        <a href={`/arenden/${told.stayId}/pdf`}>Hämta som PDF</a>
        <a href={`/avvikelser/ny?arende=${told.stayId}`}>Anmäl en avvikelse</a>
      </p>
      <h1>{person.name}</h1>
      {done !== undefined && <Done>{done}</Done>}
      {person.isProtected && (
        <p class="ds-alert" data-color="danger">
          <strong>Skyddade personuppgifter.</strong> Sprid inte vidare. Adressen visas inte.
        </p>
      )}
      <p class="quiet no-print" aria-live="polite" data-live-note data-busy={BUSY} data-fresh={FRESH} />
      <div id="arendet" data-live={live}>
        <dl class="facts">
          <Fact name="Läge" value={STATE_WORDS[told.state]} />
          <Fact name={numberName(person.number)} value={wholeNumber(person.number)} />
          {person.address !== undefined && <Fact name="Folkbokföringsadress" value={person.address} />}
          {expected && <Fact name={told.state === 'in hospital' ? 'Beräknas hem' : 'Hem'} value={expected.now} />}
          {expected?.before !== undefined && <Fact name="Sagt tidigare" value={expected.before} />}
        </dl>
        <div class="case">
          <section aria-labelledby="att-gora" class="case-do">
            <h2 id="att-gora">Att göra</h2>
            <Duties duties={duties} now={now} />
            {fresh.length > 0 && <AcknowledgeForm {...forms} unacknowledged={fresh} />}
            <AnswerForms {...forms} />
          </section>
          <section aria-labelledby="handelser">
            <h2 id="handelser">Händelser</h2>
            <ol class="timeline">{timeline(props, forms)}</ol>
          </section>
        </div>
      </div>
    </Page>
  );
}

/** The last answer by the pages that this page shows: the one who answers after it has seen that far. */
const lastOrdinal = (given: readonly GivenAnswer[]): number => Math.max(0, ...given.map(({ ordinal }) => ordinal));

/** Saying it twice would say nothing. */
function doneOnce(given: readonly GivenAnswer[]): ReadonlySet<string> {
  const said = given.some(({ says, undone }) => says.kind === 'planning-begun' && !undone);
  return new Set(said ? ['planering'] : []);
}

function Duties({ duties, now }: { readonly duties: readonly CaseDuty[]; readonly now: Instant }): VNode {
  if (duties.length === 0) return <p>Inget väntar på er.</p>;
  return (
    <ul class="duties">
      {duties.map(({ code, text, due }) => (
        <li key={code}>
          <strong>{text}</strong>
          {due !== undefined && (
            <span class={due < now ? 'late' : undefined}>{` ${leftWords(due, now)} (${timeWords(due, now)})`}</span>
          )}
        </li>
      ))}
    </ul>
  );
}

type Forms = Parameters<typeof AnswerForms>[0];

/** What we were told, what others said to us, and what we answered, in the order of time. */
function timeline({ told, given, contacts, now, nameOf }: CaseProps, forms: Forms): VNode[] {
  const { stayId } = told;
  const isBefore = replaced(told);
  const entries: (readonly [Instant, VNode])[] = [
    ...told.notices.map(
      (notice) =>
        [
          notice.sent,
          <Notice key={notice.id} notice={notice} isReplaced={isBefore.has(notice.id)} now={now} />,
        ] as const,
    ),
    ...told.answers.map(
      (answer) => [answer.sent, <Heard key={answer.id} {...{ answer, now, nameOf, forms, stayId }} />] as const,
    ),
    ...contacts.map((contact) => [contact.at, <Beside key={contact.id} contact={contact} now={now} />] as const),
    ...given
      .filter(({ says }) => says.kind !== 'undone')
      .map(
        (answer) =>
          [answer.at, <Own key={answer.replyId} {...{ answer, now, nameOf, forms, stayId, told }} />] as const,
      ),
  ];
  return entries.sort(([a], [b]) => a - b).map(([, entry]) => entry);
}

function When({ at, now }: { readonly at: Instant; readonly now: Instant }): VNode {
  return (
    <p class="when">
      <time dateTime={new Date(at).toISOString()}>{timeWords(at, now)}</time>
    </p>
  );
}

interface TitleProps {
  readonly text: string;
  readonly isBack: boolean;
  readonly isReplaced?: boolean;
}

function Title({ text, isBack, isReplaced = false }: TitleProps): VNode {
  return (
    <h3>
      {isBack ? <s>{text}</s> : text}
      {isBack && (
        <span class="ds-tag" data-color="warning">
          Återtaget
        </span>
      )}
      {isReplaced && (
        <span class="ds-tag" data-color="neutral">
          Ersatt av ett senare
        </span>
      )}
    </h3>
  );
}

interface NoticeProps {
  readonly notice: ToldNotice;
  readonly isReplaced: boolean;
  readonly now: Instant;
}

function Notice({ notice, isReplaced, now }: NoticeProps): VNode {
  const { name, sent, texts, ground, withdrawn } = notice;
  return (
    <li class={withdrawn ? 'withdrawn' : undefined}>
      <When at={sent} now={now} />
      <Title text={name} isBack={withdrawn} isReplaced={isReplaced} />
      {texts.map((text) => (
        <p key={text} class="text">
          {text}
        </p>
      ))}
      {ground !== undefined && <p class="quiet">Grund: {ground}</p>}
    </li>
  );
}

/** A call or a concern report of the ward: that it was made, and never what it said. */
function Beside({ contact, now }: { readonly contact: Contact; readonly now: Instant }): VNode {
  return (
    <li class="beside">
      <When at={contact.at} now={now} />
      <h3>{`${contactName(contact)} från avdelningen`}</h3>
      <p class="text">{`Per ${CONTACT_CHANNELS[contact.channel]}, vid sidan av Bryggan.`}</p>
      {contact.kind === 'concern' && (
        <p class="quiet">Anmälan finns hos er i er egen ordning. Inskrivningsmeddelandet är ingen orosanmälan.</p>
      )}
    </li>
  );
}

interface SaidProps {
  readonly now: Instant;
  readonly nameOf: (party: string) => string;
  readonly forms: Forms;
  readonly stayId: string;
}

function Lines({ lines }: { readonly lines: readonly string[] }): VNode | null {
  return lines.length === 0 ? null : <p class="text">{lines.join('\n')}</p>;
}

function Heard({ answer, now, nameOf, forms, stayId }: SaidProps & { readonly answer: HeardAnswer }): VNode {
  const { says, party, sent, undone, eventId, id } = answer;
  return (
    <li class={undone ? 'withdrawn' : undefined}>
      <When at={sent} now={now} />
      <Title text={`${ANSWER_NAMES[answerCodeOf(says)]} från ${nameOf(party)}`} isBack={undone} />
      <Lines lines={statementLines(says, nameOf, now)} />
      {says.kind === 'sip-called' && !undone && (
        <Meeting {...{ stayId, call: id, text: says.text, hasTime: says.at !== undefined }} />
      )}
      {!undone && (says.kind === 'sip-called' || says.kind === 'sip-proposed') && (
        <RespondForm {...forms} thread={eventId} isCall />
      )}
      {!undone && says.kind === 'asked' && <RespondForm {...forms} thread={eventId} isCall={false} />}
    </li>
  );
}

interface OwnProps extends SaidProps {
  readonly answer: GivenAnswer;
  readonly told: ToldCase;
}

function Own({ answer, now, nameOf, forms, stayId, told }: OwnProps): VNode {
  const { code, says, replyId, by, at, undone } = answer;
  // These say nothing by themselves but of which notice they are.
  const about = code === 'KVI' || code === 'RET' ? told.notices.find(({ id }) => id === answer.about) : undefined;
  return (
    <li class={undone ? 'own withdrawn' : 'own'}>
      <When at={at} now={now} />
      <Title text={ANSWER_NAMES[code]} isBack={undone} />
      <Lines lines={[...(about ? [about.name] : []), ...statementLines(says, nameOf, now)]} />
      <p class="quiet">{by === undefined ? 'Från ert eget system' : `Av ${by}`}</p>
      {says.kind === 'sip-called' && !undone && (
        <Meeting {...{ stayId, call: replyId, text: says.text, hasTime: says.at !== undefined }} />
      )}
      {!undone && <UndoForm {...forms} answer={answer} />}
    </li>
  );
}

interface MeetingProps {
  readonly stayId: string;
  readonly call: string;
  readonly text: string | undefined;
  readonly hasTime: boolean;
}

/** The ways to a meeting: by video, and into a calendar. */
function Meeting({ stayId, call, text, hasTime }: MeetingProps): VNode {
  const { link } = sipDetails(text ?? '');
  return (
    <p class="links no-print">
      {link !== undefined && isVideoLink(link) && (
        <a href={link} rel="noreferrer">
          Öppna videomötet
        </a>
      )}
      {hasTime && <a href={`/arenden/${stayId}/sip/${call}`}>Lägg i kalendern (.ics)</a>}
    </p>
  );
}
