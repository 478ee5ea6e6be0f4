import type { VNode } from 'preact';
import { Faults, Field, PageForm, Send, type Written } from '../layout/form-parts.tsx';
import type { FormFault } from '../hub-resources.ts';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-request.ts';
import type { OperatorAct } from './operator-acts.ts';
import { DoneByHand } from './done-by-hand.tsx';
import type { Instant } from '#libs/domain';

/** What an import, or its dry run, said. */
export interface DirectoryAnswer {
  readonly taken: boolean;
  readonly lines: readonly string[];
  readonly problems: readonly string[];
}

interface DirectoryProps {
  readonly user: PageUser;
  readonly written: Written;
  readonly faults: readonly FormFault[];
  readonly answer?: DirectoryAnswer;
  readonly isDryRun: boolean;
  readonly acts: readonly OperatorAct[];
  readonly now: Instant;
}

const HELP =
  'Här läser du in en ny katalog över kommuner, nämnder och mottagningar. Prova först: då ser du vad som ändras och vilka pågående vårdtillfällen som går till andra.';

/** A new directory: tried, and then taken. What was tried is sent once more, for the browser keeps no file for the server. */
export function DirectoryPage({ user, written, faults, answer, isDryRun, acts, now }: DirectoryProps): VNode {
  return (
    <Page title="Katalog" user={user} current="/drift/katalog" help={HELP}>
      <h1>Katalog</h1>
      {answer && <Answer answer={answer} isDryRun={isDryRun} />}
      <PageForm user={user} action="/drift/katalog" label="Läs in" sendsFiles>
        <Faults faults={faults} />
        <FileField name="parter" label="Parter (parties.json)" accept=".json,application/json" required />
        <FileField
          name="adresser"
          label="Adressregister (addresses.csv); utan fil blir det som det är"
          accept=".csv,text/csv"
        />
        <Field
          {...{ written, form: 'katalog', name: 'fran', label: 'Gäller från', type: 'date' }}
          hint="Utan dag gäller den inom några sekunder."
        />
        <Field
          {...{ written, form: 'katalog', name: 'varfor', label: 'Varför', required: true }}
          hint="Till exempel beslutet som ändrar. Sparas med ditt namn."
        />
        <div class="choice-row">
          <button class="ds-button" type="submit" name="atgard" value="prova" data-variant="secondary" data-size="sm">
            Prova
          </button>
          <Send text="Läs in" />
        </div>
      </PageForm>
      <DoneByHand acts={acts} now={now} />
    </Page>
  );
}

interface FileProps {
  readonly name: string;
  readonly label: string;
  readonly accept: string;
  readonly required?: boolean;
}

function FileField({ name, label, accept, required }: FileProps): VNode {
  const id = `katalog-${name}`;
  return (
    <div class="ds-field">
      <label class="ds-label" for={id}>
        {label}
      </label>
      <input class="ds-input" id={id} name={name} type="file" accept={accept} required={required} />
    </div>
  );
}

function Answer({ answer, isDryRun }: { readonly answer: DirectoryAnswer; readonly isDryRun: boolean }): VNode {
  const { taken, lines, problems } = answer;
  const title = !taken
    ? 'Katalogen är felaktig: inget har ändrats'
    : isDryRun
      ? 'Så skulle det bli'
      : 'Katalogen är inläst';
  return (
    <section
      class="ds-alert"
      data-color={!taken ? 'danger' : isDryRun ? 'info' : 'success'}
      role={taken ? 'status' : 'alert'}
    >
      <h2>{title}</h2>
      <ul>
        {[...problems, ...lines].map((line) => (
          <li key={line}>{line.trim()}</li>
        ))}
      </ul>
    </section>
  );
}
