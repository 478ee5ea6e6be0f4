import type { VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { PrintedDocument } from '../documents/pdf.ts';
import type { Option } from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-request.ts';
import { countWords, monthWords, shareWords, type MonthReport, type ReportRow } from './month-report.ts';

interface ReportProps {
  readonly user: PageUser;
  readonly report: MonthReport;
  /** Whom the report is of, by name. */
  readonly name: string;
  /** Its address, and those of the others of the month. */
  readonly address: string;
  readonly municipalities: readonly Option[];
  readonly boards: readonly Option[];
  readonly hospitals: readonly Option[];
}

const HELP =
  'Här är månadens rapport för länet, en kommun, en stadsdelsnämnd eller ett sjukhus, att läsa, skriva ut eller hämta.';

/** The report of a closed month, with the ways to take it along. */
export function ReportPage(props: ReportProps): VNode {
  const { user, report, name, address, municipalities, boards, hospitals } = props;
  const { month, of } = report;
  return (
    <Page title="Månadsrapport" user={user} current="/uppfoljning" help={HELP}>
      <p class="links no-print">
        <a href={`/uppfoljning?manad=${month}`}>Till mönstren</a>
        {of.kind !== 'county' && <a href={`/uppfoljning/${month}/rapport`}>Hela länet</a>}
      </p>
      <h1>{`${name}, ${monthWords(month)}`}</h1>
      <p class="links no-print">
        <a href={`${address}/pdf`}>Hämta som PDF</a>
        <a href={`${address}/csv`}>Hämta som CSV</a>
        {isPublishable(of) && <a href={`${address}/sida`}>Hämta som webbsida att publicera</a>}
      </p>
      <ReportBody report={report} />
      <div class="side-by-side no-print">
        <Others title="Kommuner" base={`/uppfoljning/${month}/kommun`} options={municipalities} />
        <Others title="Stadsdelsnämnder" base={`/uppfoljning/${month}/namnd`} options={boards} />
        <Others title="Sjukhus" base={`/uppfoljning/${month}/sjukhus`} options={hospitals} />
      </div>
    </Page>
  );
}

/** A municipality or a board may hand over its own page to anybody. */
export function isPublishable({ kind }: MonthReport['of']): boolean {
  return kind === 'municipality' || kind === 'board';
}

function Others({ title, base, options }: { title: string; base: string; options: readonly Option[] }): VNode {
  return (
    <nav aria-label={title}>
      <h2>{title}</h2>
      {options.length === 0 && <p>Inga som kan visas.</p>}
      <ul>
        {options.map(([id, text]) => (
          <li key={id}>
            <a href={`${base}/${id}`}>{text}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What every form of the report has: the number of stays, the codes, and what is not shown. */
function ReportBody({ report }: { readonly report: MonthReport }): VNode {
  const { discharges, rows } = report;
  return (
    <>
      <dl class="facts">
        <div>
          <dt>Utskrivningar</dt>
          <dd class="count">{countWords(discharges)}</dd>
        </div>
      </dl>
      {rows.length === 0 ? (
        <p>Ingen avvikelse kan visas för månaden.</p>
      ) : (
        <table class="ds-table rows">
          <caption>Avvikelser, antal och andel av utskrivningarna</caption>
          <thead>
            <tr>
              <th scope="col">Avvikelse</th>
              <th scope="col">Antal</th>
              <th scope="col">Månaden före</th>
              <th scope="col">Andel</th>
              <th scope="col">Andel i länet</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.code} row={row} of={report.of.kind} />
            ))}
          </tbody>
        </table>
      )}
      <p class="quiet">{noteWords(report)}</p>
    </>
  );
}

function Row({ row, of }: { readonly row: ReportRow; readonly of: MonthReport['of']['kind'] }): VNode {
  const { code, name, before, share, countyShare } = row;
  return (
    <tr>
      <th scope="row">
        {name}
        <small>{code}</small>
      </th>
      <td>
        <span class="only-narrow">Antal: </span>
        {countOf(row, of)}
      </td>
      <td>
        <span class="only-narrow">Månaden före: </span>
        {countWords(before)}
      </td>
      <td>
        <span class="only-narrow">Andel: </span>
        {shareWords(share)}
      </td>
      <td>
        <span class="only-narrow">Andel i länet: </span>
        {shareWords(countyShare)}
      </td>
    </tr>
  );
}

/** A hospital has the sum of its wards that are shown: where others are held back, it is the least it can be. */
function countOf({ count, isLeast }: ReportRow, of: MonthReport['of']['kind']): string {
  return of === 'hospital' && isLeast && count !== undefined ? `minst ${count}` : countWords(count);
}

function noteWords({ threshold, publishedAt, isHidden }: MonthReport): string {
  const held = isHidden ? ' Något hålls inne den här månaden.' : '';
  return `Streck betyder inget, eller färre än ${threshold}: så små tal visas inte, och inte heller det som skulle avslöja dem.${held} Publicerad ${publishedAt.slice(0, 10)}; en publicerad månad ändras inte.`;
}

/** The same report to print and keep. @param made when the file was made */
export function reportDocument(report: MonthReport, name: string, made: string): PrintedDocument {
  return {
    title: `${name}, ${monthWords(report.month)}`,
    origin: `Framtagen ur Bryggan ${made}. ${noteWords(report)}`,
    parts: [
      { kind: 'facts', facts: [['Utskrivningar', countWords(report.discharges)]] },
      {
        kind: 'table',
        columns: ['Kod', 'Avvikelse', 'Antal', 'Månaden före', 'Andel', 'I länet'],
        rows: report.rows.map((row) => [
          ...[row.code, row.name, countOf(row, report.of.kind), countWords(row.before)],
          ...[shareWords(row.share), shareWords(row.countyShare)],
        ]),
      },
    ],
  };
}

/** Plain and short: the page goes into somebody else's site, or stands alone. */
const STYLE = `:root{color-scheme:light dark}body{font:1.0625rem/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}caption{text-align:left;padding-block:.5rem}
th,td{text-align:left;padding:.4rem .6rem;border-bottom:1px solid #8888;vertical-align:top}
small{display:block;opacity:.8}.only-narrow{display:none}dt{font-size:.9rem}dd{margin:0;font-weight:600;font-size:1.4rem}
@media(max-width:36rem){thead{display:none}tr,th,td{display:block;border:0;padding-block:.1rem}tr{border-bottom:1px solid #8888;padding-block:.5rem}.only-narrow{display:inline}}`;

/**
 * A whole page that a municipality or a board may publish as it is: one file, with its own style, nothing fetched from anywhere and no script.
 * Nothing stands there but what the published table has.
 */
export function publicPage(report: MonthReport, name: string): string {
  const title = `Samordning vid utskrivning: ${name}, ${monthWords(report.month)}`;
  return `<!doctype html>${renderToString(
    <html lang="sv">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <main>
          <h1>{title}</h1>
          <p>
            När någon skrivs ut från sjukhus och behöver hjälp efteråt ska sjukhuset i tid säga det till kommunen och
            den öppna vården (lag 2017:612). Här står hur ofta något i det saknades eller kom för sent för personer i{' '}
            {name}.
          </p>
          <ReportBody report={report} />
        </main>
      </body>
    </html>,
  )}`;
}
