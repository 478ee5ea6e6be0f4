import type { VNode } from 'preact';
import type { Instant } from '#libs/domain';
import { Choice, Faults, LongField, PageForm, Select, Send, type Written } from '../layout/form-parts.tsx';
import type { FormFault } from '../hub-resources.ts';
import type { PageUser } from '../page-request.ts';
import { timeWords } from '../time-words.ts';
import { ACTION_GROUPS, type AnswerPlace } from './answer-action.tsx';
import { ANSWER_ACTIONS } from './answer-actions.tsx';
import { ANSWER_NAMES } from './answer-words.ts';
import type { GivenAnswer } from './given-answers.ts';

/** A form that was sent and not taken: it is shown again with what was written. */
export interface Unsent {
  readonly action: string;
  readonly written: Written;
  readonly faults: readonly FormFault[];
  /** What others at the unit answered meanwhile. */
  readonly meanwhile: readonly GivenAnswer[];
}

interface FormsProps {
  readonly user: PageUser;
  readonly place: AnswerPlace;
  /** Of this showing of the page: every form of it is one answer. */
  readonly formKey: string;
  /** How many answers of the unit the page shows. */
  readonly seen: number;
  readonly now: Instant;
  readonly unsent?: Unsent | undefined;
  /** Actions that are done once in a case, and are done. */
  readonly done: ReadonlySet<string>;
}

/** What a unit may do in a case, a form each; all of them are there without JavaScript. */
export function AnswerForms(props: FormsProps): VNode {
  const { place, unsent, done } = props;
  const actions = ANSWER_ACTIONS.filter(({ id, isFor }) => isFor(place.party) && !done.has(id));
  return (
    <>
      {Object.entries(ACTION_GROUPS).map(([group, name]) => (
        <div key={group} class="actions">
          <h3>{name}</h3>
          {actions
            .filter((action) => action.group === group)
            .map(({ id, title, send, Fields }) => (
              <details key={id} class="ds-details" open={unsent?.action === id}>
                <summary>{title}</summary>
                <div>
                  <AnswerForm {...props} action={id}>
                    <Fields written={writtenOf(unsent, id)} place={place} />
                    <Send text={send} />
                  </AnswerForm>
                </div>
              </details>
            ))}
        </div>
      ))}
    </>
  );
}

const writtenOf = (unsent: Unsent | undefined, action: string): Written =>
  unsent?.action === action ? unsent.written : {};

interface AnswerFormProps extends FormsProps {
  readonly action: string;
  readonly children: VNode | readonly VNode[];
  readonly label?: string;
}

/** One form of an answer, with why it was not taken where it was sent before. */
function AnswerForm({ user, place, formKey, seen, now, unsent, action, children, label }: AnswerFormProps): VNode {
  const mine = unsent?.action === action ? unsent : undefined;
  return (
    <PageForm
      user={user}
      action={`/arenden/${place.stay}/svar`}
      formKey={`${formKey}-${action}`}
      {...(label && { label })}
    >
      <input type="hidden" name="atgard" value={action} />
      <input type="hidden" name="sett" value={seen} />
      {mine && <Faults faults={mine.faults} />}
      {mine && mine.meanwhile.length > 0 && <Meanwhile answers={mine.meanwhile} now={now} />}
      {children}
    </PageForm>
  );
}

/** Two people at once: the second is told, and decides again. */
function Meanwhile({ answers, now }: { readonly answers: readonly GivenAnswer[]; readonly now: Instant }): VNode {
  return (
    <div class="ds-alert" data-color="warning" role="alert">
      <p>
        <strong>Någon hann före.</strong> Inget är sänt än. Läs, och sänd igen om det fortfarande är rätt.
      </p>
      <ul>
        {answers.map(({ ordinal, code, by, at }) => (
          <li key={ordinal}>{`${ANSWER_NAMES[code]}, ${by}, ${timeWords(at, now)}`}</li>
        ))}
      </ul>
    </div>
  );
}

/** Acknowledges all that is new with one press. */
export function AcknowledgeForm(props: FormsProps & { readonly unacknowledged: readonly string[] }): VNode {
  const { unacknowledged } = props;
  return (
    <AnswerForm {...props} action="kvittera" label="Kvittera">
      <input type="hidden" name="avser" value={unacknowledged.join(' ')} />
      <button class="ds-button" type="submit">
        {unacknowledged.length === 1 ? 'Kvittera' : `Kvittera ${unacknowledged.length} meddelanden`}
      </button>
    </AnswerForm>
  );
}

/** Takes an own answer back, while the law lets one: what was read stays read, and the ward sees that it no longer holds. */
export function UndoForm(props: FormsProps & { readonly answer: GivenAnswer }): VNode {
  const { replyId, code } = props.answer;
  return (
    <AnswerForm {...props} action={`angra-${replyId}`} label={`Ångra: ${ANSWER_NAMES[code]}`}>
      <button class="ds-button" type="submit" data-variant="tertiary" data-size="sm">
        Ångra<span class="ds-sr-only">{`: ${ANSWER_NAMES[code]}`}</span>
      </button>
    </AnswerForm>
  );
}

/** Answers a call or a question that was told to us: accepts, declines, or says something else. */
export function RespondForm(props: FormsProps & { readonly thread: string; readonly isCall: boolean }): VNode {
  const { isCall, place, thread, unsent } = props;
  const action = `svar-${thread}`;
  const written = writtenOf(unsent, action);
  return (
    <details class="ds-details" open={unsent?.action === action}>
      <summary>{isCall ? 'Svara på kallelsen' : 'Svara'}</summary>
      <div>
        <AnswerForm {...props} action={action}>
          {isCall ? (
            <Choice
              {...{ written, form: thread, name: 'deltar', type: 'radio', required: true, label: 'Vi' }}
              options={[
                ['ja', 'deltar'],
                ['nej', 'kan inte delta'],
              ]}
            />
          ) : (
            <></>
          )}
          <LongField
            {...{ written, form: thread, name: 'text', label: isCall ? 'Meddelande' : 'Svar', required: !isCall }}
          />
          <Select
            {...{
              written,
              form: thread,
              name: 'grund',
              label: 'Grund för att lämna uppgiften',
              options: place.grounds,
            }}
            none={place.party.legalForms.includes('region-authority') ? 'Ingen angiven' : 'Välj grund'}
            required={!place.party.legalForms.includes('region-authority')}
          />
          <Send text="Sänd svaret" />
        </AnswerForm>
      </div>
    </details>
  );
}
