import type { VNode } from 'preact';
import type { Instant } from '#libs/domain';
import { PageForm, Select, Send, type Option, type Written } from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-request.ts';
import { timeWords } from '../time-words.ts';

/** A ward as the report on senders has it (contract 3). */
export interface SourceWard {
  readonly ward: string;
  readonly lastMessage?: string;
  readonly messages: number;
  readonly perHour: number;
}

export interface Source {
  readonly sender: string;
  readonly wards: readonly SourceWard[];
  readonly refusals: readonly { readonly code: string; readonly text: string; readonly messages: number }[];
}

interface SourcesProps {
  readonly user: PageUser;
  /** Undefined while the watcher does not answer. */
  readonly sources: readonly Source[] | undefined;
  readonly nameOf: (id: string) => string;
  readonly now: Instant;
}

const SILENT_HOURS = 6;

/** Who sends, how much, and who has fallen silent. */
export function SourcesPage({ user, sources, nameOf, now }: SourcesProps): VNode {
  const rows = (sources ?? []).flatMap((source) => source.wards.map((ward) => ({ ...ward, sender: source.sender })));
  const refusals = (sources ?? []).flatMap(({ sender, refusals: all }) => all.map((one) => ({ ...one, sender })));
  return (
    <Page title="Källor" user={user} current="/drift/kallor" help={HELP}>
      <h1>Källor</h1>
      {sources === undefined && <p class="empty">Bevakningen svarar inte just nu.</p>}
      {sources !== undefined && rows.length === 0 && <p class="empty">Inget har kommit det senaste dygnet.</p>}
      {rows.length > 0 && (
        <table class="ds-table rows" data-zebra>
          <caption>Senaste dygnet</caption>
          <thead>
            <tr>
              <th scope="col">Avdelning</th>
              <th scope="col">Senast</th>
              <th scope="col">Meddelanden</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.sender} ${row.ward}`}>
                <th scope="row">
                  {nameOf(row.ward)}
                  <small>{row.sender}</small>
                </th>
                <td>
                  <LastHeard at={row.lastMessage} now={now} />
                </td>
                <td>
                  {row.messages}
                  <small>{`${row.perHour.toFixed(1).replace('.', ',')} i timmen`}</small>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {refusals.length > 0 && <Refusals refusals={refusals} />}
    </Page>
  );
}

const HELP = 'Här ser du vilka som sänder, hur mycket, vad som inte togs emot, och vem som har tystnat.';

function LastHeard({ at, now }: { readonly at: string | undefined; readonly now: Instant }): VNode {
  if (at === undefined) return <span class="late">tyst</span>;
  const heard = Date.parse(at);
  const isSilent = now - heard > SILENT_HOURS * 3_600_000;
  return (
    <span
      class={isSilent ? 'late' : undefined}
    >{`${timeWords(heard, now)}${isSilent ? ', tyst sedan dess' : ''}`}</span>
  );
}

function Refusals({
  refusals,
}: {
  readonly refusals: readonly (Source['refusals'][number] & { sender: string })[];
}): VNode {
  return (
    <>
      <h2>Inte mottaget</h2>
      <ul>
        {refusals.map(({ sender, code, text, messages }) => (
          <li key={`${sender} ${code}`}>{`${sender}: ${messages} med ${code}. ${text}`}</li>
        ))}
      </ul>
    </>
  );
}

interface TryProps {
  readonly user: PageUser;
  readonly written: Written;
  readonly senders: readonly Option[];
  /** What the check says, a line each; undefined before one. */
  readonly lines?: readonly string[] | undefined;
}

/** What a message would become, and what is wrong with it; nothing is kept of it. */
export function TryPage({ user, written, senders, lines }: TryProps): VNode {
  return (
    <Page title="Prova ett meddelande" user={user} current="/drift/prova" help={TRY_HELP}>
      <h1>Prova ett meddelande</h1>
      {lines !== undefined && (
        <section aria-labelledby="svar">
          <h2 id="svar">Så läses det</h2>
          <ul>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      <PageForm user={user} action="/drift/prova" label="Prova">
        <Select
          {...{ written, form: 'prova', name: 'avsandare', label: 'Läs som avsändare', options: senders }}
          none="Den som MSH-4 säger"
        />
        <div class="ds-field">
          <label class="ds-label" for="prova-text">
            HL7-meddelande
          </label>
          <textarea class="ds-input" id="prova-text" name="text" rows={12} required spellcheck={false}>
            {written['text'] ?? ''}
          </textarea>
        </div>
        <Send text="Prova" />
      </PageForm>
    </Page>
  );
}

const TRY_HELP =
  'Klistra in ett meddelande och se vad det skulle bli, vem som skulle få veta, och vad som saknas. Inget sparas.';
