import type { VNode } from 'preact';
import { Faults, LongField, PageForm, Select, Send, type Written } from '../layout/form-parts.tsx';
import type { FormFault } from '../hub-resources.ts';
import type { PageUser } from '../page-request.ts';
import type { StatedStay } from '../stated-stays.ts';
import { STAY_ACTIONS, type OfStay, type StayAction, type StayPlace } from './stay-actions.tsx';

/** A form of a stay that was sent and not taken. */
export interface UnsentNotice {
  readonly action: string;
  readonly written: Written;
  readonly faults: readonly FormFault[];
}

interface StayFormsProps {
  readonly user: PageUser;
  readonly stay: StatedStay;
  readonly place: StayPlace;
  readonly formKey: string;
  readonly unsent?: UnsentNotice | undefined;
}

/**
 * The stay that a form names. What only its issuer knows of a number is not in this view: such a stay is told of by the ward's
 * own system.
 */
export function ofStay({ identity, visit, ward }: StatedStay, judgedBy: string | undefined): OfStay | undefined {
  if (identity === undefined || visit === undefined || ward === undefined) return undefined;
  if (identity.type === 'other' || identity.type === 'reservnummer-region') return undefined;
  return { ward, person: { identity }, stay: { visitId: visit }, ...(judgedBy !== undefined && { judgedBy }) };
}

/** What the ward may send of the stay, a form each, with who it reaches. */
export function StayForms({ user, stay, place, formKey, unsent }: StayFormsProps): VNode | null {
  if (ofStay(stay, undefined) === undefined) return null;
  return (
    <div class="actions">
      {STAY_ACTIONS.map((action) => {
        const mine = unsent?.action === action.id ? unsent : undefined;
        const { id, title, send, Fields } = action;
        return (
          <details key={id} class="ds-details" open={mine !== undefined}>
            <summary>{title}</summary>
            <div>
              <PageForm user={user} action={`/avdelning/${stay.stayId}/meddela`} formKey={`${formKey}-${id}`}>
                <input type="hidden" name="atgard" value={id} />
                {mine && <Faults faults={mine.faults} />}
                <p class="quiet">{reachWords(action, place)}</p>
                <Fields written={mine?.written ?? {}} place={place} />
                <Send text={send} />
              </PageForm>
            </div>
          </details>
        );
      })}
    </div>
  );
}

/** Who gets it, said before it is sent. */
function reachWords({ reaches }: StayAction, { recipients }: StayPlace): string {
  if (reaches === 'nobody') return 'Sänds inte till någon: det avgör vad som får sändas.';
  if (recipients.length === 0) return 'Ingen har fått inskrivningsmeddelandet: ingen får veta detta.';
  const to = `Går till ${recipients.join(', ')}`;
  if (reaches === 'lawful') return `${to}.`;
  if (reaches === 'authorities') return `${to}. Den som inte är en myndighet får det inte.`;
  return `${to}. Utan samtycke eller annan grund hålls det inne.`;
}

/** Answers a question that a recipient has asked. */
export function AnswerQuestion(props: StayFormsProps & { readonly thread: string }): VNode | null {
  const { user, stay, place, formKey, thread, unsent } = props;
  if (ofStay(stay, undefined) === undefined) return null;
  const action = `svar-${thread}`;
  const written = unsent?.action === action ? unsent.written : {};
  return (
    <details class="ds-details" open={unsent?.action === action}>
      <summary>Svara</summary>
      <div>
        <PageForm user={user} action={`/avdelning/${stay.stayId}/meddela`} formKey={`${formKey}-${action}`}>
          <input type="hidden" name="atgard" value={action} />
          {unsent?.action === action && <Faults faults={unsent.faults} />}
          <LongField {...{ written, form: thread, name: 'text', label: 'Svar', required: true }} />
          <Select
            {...{ written, form: thread, name: 'grund', label: 'Grund', none: 'Inom regionen, ingen annan' }}
            options={[['CONSENT', 'Patienten samtycker'], ...place.grounds]}
          />
          <Send text="Sänd svaret" />
        </PageForm>
      </div>
    </details>
  );
}
