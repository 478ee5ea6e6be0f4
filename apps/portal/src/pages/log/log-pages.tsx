import type { VNode } from 'preact';
import type { Instant } from '#libs/domain';
import type { Finding, Look, LookCheck } from '../audit.ts';
import type { FormFault } from '../hub-resources.ts';
import { wholeNumber } from '../inbox/case-words.ts';
import { Done, Faults, Field, PageForm, Select, Send, type Option, type Written } from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-request.ts';
import { fullTimeWords, timeWords } from '../time-words.ts';

/** Why an extract is made; kept in the log itself. */
export const EXTRACT_REASONS: readonly Option[] = [
  ['Den enskilde begär det', 'Den enskilde begär det (PDL 8 kap. 5 §)'],
  ['Misstanke om obehörig åtkomst', 'Misstanke om obehörig åtkomst'],
  ['Systematisk kontroll', 'Systematisk kontroll'],
];

interface ExtractProps {
  readonly user: PageUser;
  readonly written: Written;
  readonly faults: readonly FormFault[];
  /** What the unit is called whose log it is. */
  readonly unit: string;
  /** What the log has of the person; undefined before anybody was asked for. */
  readonly looks?: readonly Look[];
  readonly now: Instant;
}

const EXTRACT_HELP =
  'Här tar du fram vilka på din enhet som har tagit del av en persons uppgifter, så att personen kan få veta det. Utdraget loggas.';

/** Who at the unit has looked at a person's data: an extract that can be printed and handed over. */
export function ExtractPage({ user, written, faults, unit, looks, now }: ExtractProps): VNode {
  return (
    <Page title="Loggutdrag" user={user} current="/logg" help={EXTRACT_HELP}>
      <h1>Loggutdrag</h1>
      <Faults faults={faults} />
      <PageForm user={user} action="/logg" label="Ta fram ett utdrag" className="page-form no-print">
        <Field
          {...{ written, form: 'logg', name: 'person', label: 'Personnummer, tolv siffror', required: true, size: 16 }}
          inputMode="numeric"
        />
        <Select
          {...{ written, form: 'logg', name: 'skal', label: 'Varför', required: true, options: EXTRACT_REASONS }}
          none="Välj"
        />
        <Send text="Ta fram" />
      </PageForm>
      {looks && (
        <section aria-labelledby="utdrag">
          <h2 id="utdrag">Utdrag</h2>
          <dl class="facts">
            <div>
              <dt>Person</dt>
              <dd>{wholeNumber((written['person'] ?? '').replace(/[\s-]/g, ''))}</dd>
            </div>
            <div>
              <dt>Enhet</dt>
              <dd>{unit}</dd>
            </div>
            <div>
              <dt>Framtaget</dt>
              <dd>{`${fullTimeWords(now)} av ${user.name}`}</dd>
            </div>
          </dl>
          {looks.length === 0 ? (
            <p class="empty">Ingen på enheten har tagit del av personens uppgifter i Bryggan.</p>
          ) : (
            <LookTable looks={looks} />
          )}
        </section>
      )}
    </Page>
  );
}

function LookTable({ looks }: { readonly looks: readonly Look[] }): VNode {
  return (
    <table class="ds-table rows">
      <caption>De senaste fem åren, det senaste först</caption>
      <thead>
        <tr>
          <th scope="col">När</th>
          <th scope="col">Vem</th>
          <th scope="col">Uppdrag</th>
          <th scope="col">Vad</th>
          <th scope="col">Varför</th>
        </tr>
      </thead>
      <tbody>
        {looks.map(({ id, at, name, assignment, what, reason }) => (
          <tr key={id}>
            <td>{fullTimeWords(at)}</td>
            <th scope="row">{name}</th>
            <td>{assignment}</td>
            <td>{what}</td>
            <td>{reason ?? <span class="quiet">handläggning</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ChecksProps {
  readonly user: PageUser;
  /** Drawn by lot. */
  readonly drawn: readonly Look[];
  readonly checks: readonly LookCheck[];
  readonly isSaved: boolean;
  readonly now: Instant;
}

const FINDING_WORDS: Readonly<Record<Finding, string>> = {
  'in-order': 'I sin ordning',
  'to-be-examined': 'Ska utredas',
};

const CHECKS_HELP =
  'Här kontrollerar du att de som har tittat också hade skäl till det. Tjugo tillfällen lottas bland dem som ingen har kontrollerat.';

/** Spot checks: looks drawn by lot, what was found in each, and what has been found before. */
export function ChecksPage({ user, drawn, checks, isSaved, now }: ChecksProps): VNode {
  return (
    <Page title="Stickprov" user={user} current="/logg/stickprov" help={CHECKS_HELP}>
      <h1>Stickprov</h1>
      {isSaved && <Done>Kontrollen är sparad.</Done>}
      {drawn.length === 0 ? (
        <p class="empty">Allt från den senaste månaden är kontrollerat.</p>
      ) : (
        <PageForm user={user} action="/logg/stickprov" label="Stickprov" className="wide-form">
          <table class="ds-table rows">
            <caption>Lottade tillfällen från den senaste månaden</caption>
            <thead>
              <tr>
                <th scope="col">När</th>
                <th scope="col">Vem</th>
                <th scope="col">Vad</th>
                <th scope="col">Kontroll</th>
              </tr>
            </thead>
            <tbody>
              {drawn.map((look) => (
                <Drawn key={look.id} look={look} now={now} />
              ))}
            </tbody>
          </table>
          <Send text="Spara kontrollen" />
        </PageForm>
      )}
      {checks.length > 0 && <Checked checks={checks} now={now} />}
    </Page>
  );
}

function Drawn({ look, now }: { readonly look: Look; readonly now: Instant }): VNode {
  const { id, at, name, assignment, what, stays } = look;
  return (
    <tr>
      <td>{timeWords(at, now)}</td>
      <th scope="row">
        {name}
        <small>{assignment}</small>
      </th>
      <td>
        {what}
        <small>{stays.length === 1 ? `ärende ${stays[0]?.slice(0, 8) ?? ''}` : `${stays.length} ärenden`}</small>
      </td>
      <td>
        <div class="check">
          <select class="ds-input" name={`fynd-${id}`} aria-label={`Kontroll av ${name}, ${timeWords(at, now)}`}>
            <option value="">Inte kontrollerad</option>
            {Object.entries(FINDING_WORDS).map(([value, text]) => (
              <option key={value} value={value}>
                {text}
              </option>
            ))}
          </select>
          <input
            class="ds-input"
            name={`not-${id}`}
            maxLength={300}
            autocomplete="off"
            placeholder="Anteckning"
            aria-label={`Anteckning om ${name}, ${timeWords(at, now)}`}
          />
        </div>
      </td>
    </tr>
  );
}

function Checked({ checks, now }: Pick<ChecksProps, 'checks' | 'now'>): VNode {
  return (
    <table class="ds-table rows">
      <caption>Kontrollerat</caption>
      <thead>
        <tr>
          <th scope="col">När</th>
          <th scope="col">Av</th>
          <th scope="col">Vad som kontrollerades</th>
          <th scope="col">Resultat</th>
        </tr>
      </thead>
      <tbody>
        {checks.map(({ at, by, finding, note, looked }) => (
          <tr key={`${at} ${looked.name} ${looked.at}`}>
            <td>{timeWords(at, now)}</td>
            <td>{by}</td>
            <th scope="row">
              {`${looked.name}: ${looked.what}`}
              <small>{timeWords(looked.at, now)}</small>
            </th>
            <td>
              <span class="ds-tag" data-color={finding === 'in-order' ? 'success' : 'warning'}>
                {FINDING_WORDS[finding]}
              </span>
              {note !== '' && <small>{note}</small>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
