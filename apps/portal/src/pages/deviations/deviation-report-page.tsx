import type { VNode } from 'preact';
import { codeText, CONSEQUENCES, localDate, REPORT_CODES, type Instant } from '#libs/domain';
import type { FormFault } from '../hub-resources.ts';
import {
  Choice,
  Faults,
  Field,
  LongField,
  PageForm,
  Select,
  Send,
  type Option,
  type Written,
} from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-request.ts';
import { CONSEQUENCE_WORDS } from './deviation-words.ts';

interface ReportProps {
  readonly user: PageUser;
  /** The stay that it is about. */
  readonly stay: string;
  readonly written: Written;
  readonly faults: readonly FormFault[];
  readonly formKey: string;
  readonly now: Instant;
}

const HELP =
  'Här anmäler du något som gick fel i ett ärende. Enheten som det gäller svarar; utan personens samtycke får den inte veta vem det gäller.';

/** Reports what went wrong in a case (rules 6.3; AVV-01): a choice for everything that is counted, own words for the unit alone. */
export function DeviationReportPage({ user, stay, written, faults, formKey, now }: ReportProps): VNode {
  const codes = REPORT_CODES.map((code): Option => [code, `${code} ${codeText(code).name}`]);
  const consequences = CONSEQUENCES.map((one): Option => [one, CONSEQUENCE_WORDS[one]]);
  return (
    <Page title="Anmäl en avvikelse" user={user} current="/avvikelser" help={HELP}>
      <h1>Anmäl en avvikelse</h1>
      <PageForm user={user} action="/avvikelser/ny" formKey={formKey} label="Anmäl en avvikelse">
        <input type="hidden" name="arende" value={stay} />
        <Faults faults={faults} />
        <Select
          {...{
            written,
            form: 'anmal',
            name: 'kod',
            label: 'Vad som gick fel',
            required: true,
            none: 'Välj',
            options: codes,
          }}
        />
        <Field
          {...{ form: 'anmal', name: 'dag', label: 'När', type: 'date', required: true }}
          written={{ dag: localDate(now), ...written }}
        />
        <Select
          {...{ form: 'anmal', name: 'foljd', label: 'Följd för personen', required: true, options: consequences }}
          written={{ foljd: 'none', ...written }}
        />
        <Choice
          {...{ form: 'anmal', name: 'samtycke', type: 'radio', required: true }}
          label="Personen samtycker till att enheten får veta vem det gäller"
          written={{ samtycke: 'nej', ...written }}
          options={[
            ['ja', 'Ja'],
            ['nej', 'Nej, eller inte tillfrågad'],
          ]}
        />
        <LongField
          {...{ written, form: 'anmal', name: 'text', label: 'Med egna ord' }}
          hint="Läses av enheten. Skriv inget personnummer och inget namn."
        />
        <Send text="Anmäl" />
      </PageForm>
    </Page>
  );
}
