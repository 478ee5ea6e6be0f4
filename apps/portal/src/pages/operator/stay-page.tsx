import type { VNode } from 'preact';
import { NOTICE_KINDS, type Instant } from '#libs/domain';
import { NOTICE_NAMES } from '#libs/fhir';
import { localMinute } from '../answers/sip.ts';
import type { FormFault } from '../hub-resources.ts';
import { Done, Faults, Field, PageForm, Select, Send, type Option, type Written } from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-request.ts';
import { ActWords } from './done-by-hand.tsx';
import type { OperatorAct } from './operator-acts.ts';

export interface OperatorStayProps {
  readonly user: PageUser;
  readonly stay: string;
  readonly recipients: readonly Option[];
  readonly written: Written;
  readonly faults: readonly FormFault[];
  /** Which form the faults are of. */
  readonly action?: string;
  readonly done?: string | undefined;
  readonly acts: readonly OperatorAct[];
  readonly formKey: string;
  readonly now: Instant;
}

const HELP =
  'Här gör du för hand det som ingen regel får göra: varje beslut har ett skäl, sparas med ditt namn, och kan tas tillbaka.';

/** What the operator decides of a stay (contract 3). Nothing of the person stands here: who asks for it says why (Underlag). */
export function OperatorStayPage(props: OperatorStayProps): VNode {
  const { user, stay, done, acts } = props;
  return (
    <Page title="Vårdtillfälle" user={user} current="/drift/uppgifter" help={HELP}>
      <p class="no-print">
        <a href="/drift/uppgifter">Till uppgifterna</a>
      </p>
      <h1>{`Vårdtillfälle ${stay.slice(0, 8)}`}</h1>
      {done !== undefined && <Done>{done}</Done>}
      <div class="case">
        <section aria-labelledby="besluta">
          <h2 id="besluta">Besluta</h2>
          <div class="actions">
            <Call {...props} />
            <Lift {...props} />
            <Join
              {...props}
              id="samman"
              title="För samman med en annan person"
              meaning="Två vårdtillfällen som visat sig vara samma persons. Det här vårdtillfällets identitet blir kvar."
            />
            <Join
              {...props}
              id="ett"
              title="För samman med ett annat vårdtillfälle"
              meaning="Två vårdtillfällen som visat sig vara ett, sänt med två id. Det som sägs i det ena gäller då i det andra."
            />
          </div>
        </section>
        <section aria-labelledby="gjort">
          <h2 id="gjort">Gjort för hand</h2>
          {acts.length === 0 && <p>Inget.</p>}
          <ol class="timeline">
            {acts.map((act) => (
              <Act key={`${act.at} ${act.what}`} act={act} {...props} />
            ))}
          </ol>
        </section>
      </div>
    </Page>
  );
}

interface DecisionProps extends OperatorStayProps {
  readonly id: string;
  readonly title: string;
  readonly send: string;
  readonly children: VNode | readonly VNode[];
}

/** The form of one decision, with its reason. */
function Decision({ user, stay, id, title, send, children, written, faults, action, formKey }: DecisionProps): VNode {
  const isMine = action === id;
  return (
    <details class="ds-details" open={isMine}>
      <summary>{title}</summary>
      <div>
        <PageForm user={user} action={`/drift/vardtillfallen/${stay}`} formKey={`${formKey}-${id}`}>
          <input type="hidden" name="atgard" value={id} />
          {isMine && <Faults faults={faults} />}
          {children}
          <Field
            {...{ written: isMine ? written : {}, form: id, name: 'skal', label: 'Varför', required: true }}
            hint="Sparas med beslutet; skriv inget om personen."
          />
          <Send text={send} />
        </PageForm>
      </div>
    </details>
  );
}

const own = ({ action, written }: OperatorStayProps, id: string): Written => (action === id ? written : {});

function Call(props: OperatorStayProps): VNode {
  const written = own(props, 'samtal');
  return (
    <Decision {...props} id="samtal" title="Skriv in ett samtal eller fax" send="Spara">
      <Select
        {...{ written, form: 'samtal', name: 'mottagare', label: 'Vem fick veta', required: true, none: 'Välj' }}
        options={props.recipients}
      />
      <Select
        {...{ written, form: 'samtal', name: 'vad', label: 'Vad', none: 'Inte ett visst meddelande' }}
        options={NOTICE_KINDS.map((kind): Option => [kind, NOTICE_NAMES[kind]])}
      />
      <Select
        {...{ form: 'samtal', name: 'hur', label: 'Hur' }}
        written={{ hur: 'telephone', ...written }}
        options={[
          ['telephone', 'telefon'],
          ['fax', 'fax'],
          ['paper', 'papper'],
        ]}
      />
      <Field
        {...{ form: 'samtal', name: 'nar', label: 'När', type: 'datetime-local', required: true }}
        written={{ nar: localMinute(props.now), ...written }}
      />
    </Decision>
  );
}

function Lift(props: OperatorStayProps): VNode {
  return (
    <Decision {...props} id="skydd" title="Häv skyddet av personuppgifterna" send="Häv skyddet">
      <p>
        Gäller personens alla vårdtillfällen. Det som har hållits inne sänds då till dem som reglerna pekar ut. Häv det
        bara när den som satte skyddet har bekräftat att det inte gäller.
      </p>
    </Decision>
  );
}

interface JoinProps extends OperatorStayProps {
  readonly id: 'samman' | 'ett';
  readonly title: string;
  readonly meaning: string;
}

function Join({ id, title, meaning, ...props }: JoinProps): VNode {
  return (
    <Decision {...props} id={id} title={title} send="För samman">
      <p>{meaning}</p>
      <Field
        {...{ written: own(props, id), form: id, name: 'andra', required: true, size: 36 }}
        {...{ label: 'Det andra vårdtillfällets id', hint: 'Står i dess uppgift eller i loggen, 36 tecken.' }}
        pattern="[0-9a-f\-]{36}"
      />
    </Decision>
  );
}

function Act(props: OperatorStayProps & { readonly act: OperatorAct }): VNode {
  const { act, acts, now } = props;
  const { what, decision } = act;
  const isUndone = acts.some((other) => other.what === 'undone' && other.decision === decision);
  return (
    <li class={isUndone && what !== 'undone' ? 'withdrawn' : undefined}>
      <ActWords act={act} now={now} />
      {decision !== undefined && what !== 'undone' && !isUndone && (
        <Decision {...props} id={`aterta-${decision}`} title="Ta tillbaka" send="Ta tillbaka">
          <p>Beslutet har då aldrig funnits.</p>
        </Decision>
      )}
    </li>
  );
}
