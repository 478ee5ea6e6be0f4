import type { VNode } from 'preact';
import { GROUND_NAMES, type Instant } from '#libs/domain';
import { NOTICE_NAMES, TASK_NAMES } from '#libs/fhir';
import type { FormFault } from '../hub-resources.ts';
import { Faults, Field, PageForm, Select, Send, type Option, type Written } from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-request.ts';
import { leftWords, timeWords } from '../time-words.ts';
import type { OpenTask } from './hub-state.ts';

/** The trace of a stay, as far as the page shows it (`GET /operations/traces/<stay>`). */
export interface ShownTrace {
  readonly told: readonly {
    readonly delivery: string;
    readonly kind: string;
    readonly recipient: string;
    readonly toldAt: string;
  }[];
  readonly withheld: readonly { readonly kind: string; readonly recipient: string; readonly text: string }[];
  readonly duties: readonly { readonly code: string; readonly text: string }[];
  readonly decisions: readonly { readonly statedBy: string; readonly at: string; readonly text: string }[];
}

interface TaskProps {
  readonly user: PageUser;
  readonly task: OpenTask;
  readonly recipients: readonly Option[];
  readonly written: Written;
  readonly faults: readonly FormFault[];
  /** Which form the faults are of. */
  readonly action?: string;
  /** Shown once a reason has been given, and kept with it. */
  readonly trace?: ShownTrace;
  readonly nameOf: (party: string) => string;
  readonly formKey: string;
  readonly now: Instant;
}

const HELP =
  'Här släpper du ett meddelande som ingen regel kunde sända. Underlaget kan innehålla uppgifter om en person: det visas först när du har sagt varför, och det loggas.';

/** A Task of the manual queue: what waits, why when a reason to see that was given, and the release by hand. */
export function TaskPage(props: TaskProps): VNode {
  const { user, task, trace, nameOf, now } = props;
  const name = Object.hasOwn(TASK_NAMES, task.code) ? TASK_NAMES[task.code as keyof typeof TASK_NAMES] : task.code;
  return (
    <Page title="Uppgift" user={user} current="/drift/uppgifter" help={HELP}>
      <p>
        <a href="/drift/uppgifter">Till uppgifterna</a>
      </p>
      <h1>{name}</h1>
      <dl class="facts">
        <div>
          <dt>Vems</dt>
          <dd>{task.owner === 'operator' ? 'Operatören' : nameOf(task.owner)}</dd>
        </div>
        <div>
          <dt>Vårdtillfälle</dt>
          <dd>
            {task.stayId === '' ? (
              'okänt'
            ) : (
              <a href={`/drift/vardtillfallen/${task.stayId}`}>{task.stayId.slice(0, 8)}</a>
            )}
          </dd>
        </div>
        {task.due !== undefined && (
          <div>
            <dt>Tid</dt>
            <dd class={task.due < now ? 'late' : undefined}>
              {`${leftWords(task.due, now)} (${timeWords(task.due, now)})`}
            </dd>
          </div>
        )}
      </dl>
      <div class="case">
        <section aria-labelledby="slapp">
          <h2 id="slapp">Släpp för hand</h2>
          {task.code === 'ROUTE-BY-HAND' ? (
            <Release {...props} />
          ) : (
            <p>Den här uppgiften ligger hos den som äger den.</p>
          )}
        </section>
        <section aria-labelledby="underlag">
          <h2 id="underlag">Underlag</h2>
          {trace ? <Trace trace={trace} nameOf={nameOf} now={now} /> : <AskWhy {...props} />}
        </section>
      </div>
    </Page>
  );
}

function Release({ user, task, recipients, written, faults, action, formKey }: TaskProps): VNode {
  return (
    <PageForm user={user} action={`/drift/uppgifter/${task.id}`} formKey={formKey} label="Släpp för hand">
      <input type="hidden" name="atgard" value="slapp" />
      {action === 'slapp' && <Faults faults={faults} />}
      <Select
        {...{ written, form: 'slapp', name: 'mottagare', label: 'Mottagare', required: true, none: 'Välj' }}
        options={recipients}
      />
      <Select
        {...{ form: 'slapp', name: 'grund', label: 'Grund', required: true, options: Object.entries(GROUND_NAMES) }}
        written={{ grund: 'LUS_2KAP', ...written }}
      />
      <Field
        {...{ written, form: 'slapp', name: 'skal', label: 'Varför', required: true }}
        hint="Till exempel vem du talade med. Sparas med beslutet; skriv inget om personen."
      />
      <Send text="Släpp" />
    </PageForm>
  );
}

function AskWhy({ user, task, written, faults, action }: TaskProps): VNode {
  return (
    <PageForm user={user} action={`/drift/uppgifter/${task.id}`} label="Visa underlaget">
      <input type="hidden" name="atgard" value="visa" />
      {action === 'visa' && <Faults faults={faults} />}
      <Field
        {...{ written, form: 'visa', name: 'varfor', label: 'Varför du behöver se det', required: true }}
        hint="Sparas i loggen tillsammans med ditt namn."
      />
      <Send text="Visa underlaget" variant="secondary" />
    </PageForm>
  );
}

function Trace({ trace, nameOf, now }: Pick<TaskProps, 'nameOf' | 'now'> & { readonly trace: ShownTrace }): VNode {
  const kindOf = (kind: string): string => NOTICE_NAMES[kind as keyof typeof NOTICE_NAMES];
  const { duties, decisions, told, withheld } = trace;
  return (
    <>
      <h3>Väntar</h3>
      <ul>
        {duties.map(({ code, text }) => (
          <li key={`${code} ${text}`}>{text}</li>
        ))}
        {withheld.map(({ kind, recipient, text }) => (
          <li key={`${kind} ${recipient}`}>{`${kindOf(kind)} till ${nameOf(recipient)}: ${text}`}</li>
        ))}
      </ul>
      <h3>Sänt</h3>
      {told.length === 0 && <p>Inget.</p>}
      <ul>
        {told.map(({ delivery, kind, recipient, toldAt }) => (
          <li key={delivery}>{`${kindOf(kind)} till ${nameOf(recipient)}, ${timeWords(Date.parse(toldAt), now)}`}</li>
        ))}
      </ul>
      <h3>Så har reglerna läst</h3>
      {decisions.map(({ statedBy, at, text }) => (
        <details key={`${statedBy} ${at}`} class="ds-details">
          <summary>{timeWords(Date.parse(at), now)}</summary>
          <div>
            <pre class="trace">{text}</pre>
          </div>
        </details>
      ))}
    </>
  );
}
