import type { VNode } from 'preact';
import { codesIn, codeText, countsOf, DISCHARGES, ratesOf, type PublishedMonth, type Rate } from '#libs/domain';
import { Select, Send, type Option } from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-request.ts';
import { isHidden } from './month-report.ts';
import { Funnel, HeatMap, RateOverTime } from './pictures.tsx';
import { Shares } from './share-pictures.tsx';
import { callShares, needShares, noticeShares } from './shares.ts';

interface ReviewProps {
  readonly user: PageUser;
  /** All that are closed, the latest first; undefined while the hub does not answer. */
  readonly months: readonly string[] | undefined;
  /** The one that is shown, and those before it, the oldest first. */
  readonly shown: readonly PublishedMonth[];
  readonly code: string | undefined;
  readonly unit: string | undefined;
  readonly nameOf: (unit: string) => string;
}

const HELP =
  'Här ser du mönster över avslutade månader. Tal under gränsen visas inte, och inte heller det som skulle avslöja dem.';

/** The pattern view: one measure over time and over units, and codes by unit; each picture with its table. */
export function ReviewPage(props: ReviewProps): VNode {
  const { user, months, shown } = props;
  const month = shown.at(-1);
  return (
    <Page title="Uppföljning" user={user} current="/uppfoljning" help={HELP}>
      <h1>Uppföljning</h1>
      {months === undefined && <p class="empty">Bevakningen svarar inte just nu.</p>}
      {months?.length === 0 && <p class="empty">Ingen månad är avslutad än.</p>}
      {month && <Month {...props} month={month} />}
    </Page>
  );
}

function Month(props: ReviewProps & { readonly month: PublishedMonth }): VNode {
  const { month, months = [], shown, code, unit, nameOf } = props;
  const codes = codesIn(month);
  // Of what nobody may be shown there is no picture: first stands what can be shown of most units.
  const measure = code ?? codes.toSorted((a, b) => shownUnits(month, b) - shownUnits(month, a))[0];
  const all = measure === undefined ? [] : ratesOf(shown, measure);
  const now = all.filter((rate) => rate.month === month.month);
  const chosen = unit ?? now[0]?.unit;
  return (
    <>
      <Choose {...{ months, codes, nameOf, month, measure, chosen }} units={now.map((rate) => rate.unit)} />
      <p class="links no-print">
        <a href={`/uppfoljning/${month.month}/rapport`}>Månadsrapport: län, kommun, nämnd, sjukhus</a>
        <a href={`/uppfoljning/${month.month}/tal`}>Alla månadens tal (CSV)</a>
      </p>
      <dl class="facts">
        <div>
          <dt>Utskrivningar</dt>
          <dd class="count">{countsOf(month, DISCHARGES, 'total')[0]?.count ?? '–'}</dd>
        </div>
      </dl>
      {measure !== undefined && (
        <>
          <h2>{`${measure}: ${codeText(measure).name}`}</h2>
          {chosen !== undefined && (
            <>
              <h3>{`Över tid, ${nameOf(chosen)}`}</h3>
              <RateOverTime months={shown.map((one) => one.month)} rates={all.filter((rate) => rate.unit === chosen)} />
              <RateTable
                caption="Andel av utskrivningarna, månad för månad"
                head="Månad"
                rates={all.filter((rate) => rate.unit === chosen)}
                nameOf={({ month: of }) => of}
              />
            </>
          )}
          <h3>Alla enheter, {month.month}</h3>
          {now.length === 0 ? (
            <p class="empty">Ingen enhets andel kan visas för månaden.</p>
          ) : (
            <>
              <Funnel rates={now} />
              <RateTable
                caption="Andel av utskrivningarna per enhet"
                head="Enhet"
                rates={now}
                nameOf={(rate) => nameOf(rate.unit)}
              />
            </>
          )}
          <Held month={month} measure={measure} />
        </>
      )}
      <Codes month={month} codes={codes} nameOf={nameOf} />
      <h2>Andelar per enhet</h2>
      <Shares
        {...{ nameOf, threshold: month.threshold, units: noticeShares(month) }}
        title="Inskrivningsmeddelande i tid"
        of="Utskrivna med behov"
      />
      <Shares
        {...{ nameOf, threshold: month.threshold, units: callShares(month) }}
        title="Kallelse till SIP"
        of="Utskrivna som skulle ha en plan, kallelse från den öppna vården"
      />
      <Shares
        {...{ nameOf, threshold: month.threshold, units: needShares(month) }}
        title="Behov efter utskrivning"
        of="Utskrivna efter bedömt behov"
      />
    </>
  );
}

const shownUnits = (month: PublishedMonth, code: string): number => countsOf(month, code, 'unit').length;

interface ChooseProps extends Pick<ReviewProps, 'nameOf'> {
  readonly months: readonly string[];
  readonly month: PublishedMonth;
  readonly codes: readonly string[];
  readonly measure: string | undefined;
  readonly units: readonly string[];
  readonly chosen: string | undefined;
}

function Choose({ months, month, codes, measure = '', units, chosen = '', nameOf }: ChooseProps): VNode {
  const written = { manad: month.month, kod: measure, enhet: chosen };
  return (
    <form method="get" action="/uppfoljning" class="filter-form no-print" aria-label="Urval">
      <Select
        {...{ written, form: 'urval', name: 'manad', label: 'Månad' }}
        options={months.map((one): Option => [one, one])}
      />
      <Select
        {...{ written, form: 'urval', name: 'kod', label: 'Avvikelse' }}
        options={codes.map((code): Option => [code, `${code} ${codeText(code).name}`])}
      />
      <Select
        {...{ written, form: 'urval', name: 'enhet', label: 'Enhet' }}
        options={units.map((unit): Option => [unit, nameOf(unit)])}
      />
      <Send text="Visa" variant="secondary" />
    </form>
  );
}

const percent = (share: number): string => `${(share * 100).toFixed(1).replace('.', ',')} %`;

interface RateTableProps {
  readonly caption: string;
  readonly head: string;
  readonly rates: readonly Rate[];
  readonly nameOf: (rate: Rate) => string;
}

const FLAG_WORDS: Readonly<Record<Rate['flags'][number], string>> = {
  'above-own-past': 'över sina gränser',
  'below-own-past': 'under sina gränser',
  'eight-above': 'åtta i rad över',
  'eight-below': 'åtta i rad under',
  'above-peers': 'över de andra',
  'below-peers': 'under de andra',
};

function RateTable({ caption, head, rates, nameOf }: RateTableProps): VNode {
  return (
    <table class="ds-table rows">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col">Antal</th>
          <th scope="col">Andel (95 %)</th>
          <th scope="col">Avviker</th>
        </tr>
      </thead>
      <tbody>
        {rates.map((rate) => (
          <tr key={`${rate.unit} ${rate.month}`}>
            <th scope="row">{nameOf(rate)}</th>
            <td>{`${rate.count} av ${rate.of}`}</td>
            <td>
              {percent(rate.rate)}
              <small>{`${percent(rate.interval.low)} till ${percent(rate.interval.high)}`}</small>
            </td>
            <td>{rate.flags.map((flag) => FLAG_WORDS[flag]).join(', ') || <span class="quiet">nej</span>}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Held({ month, measure }: { readonly month: PublishedMonth; readonly measure: string }): VNode | null {
  if (!isHidden(month, measure, 'unit')) return null;
  return <p class="quiet">{`Enheter med färre än ${month.threshold} visas inte.`}</p>;
}

function Codes({
  month,
  codes,
  nameOf,
}: Pick<ReviewProps, 'nameOf'> & { month: PublishedMonth; codes: readonly string[] }): VNode {
  const units = [...new Set(month.lines.flatMap((line) => (line.dimension === 'unit' ? [line.value] : [])))].sort();
  const valueOf = (unit: string, code: string): number | undefined =>
    countsOf(month, code, 'unit').find(({ value }) => value === unit)?.count;
  return (
    <>
      <h2>Avvikelser per enhet</h2>
      <HeatMap rows={units} columns={codes} nameOf={nameOf} valueOf={valueOf} />
      <table class="ds-table rows">
        <caption>{`Antal i ${month.month}. Streck: inget, eller färre än ${month.threshold}`}</caption>
        <thead>
          <tr>
            <th scope="col">Enhet</th>
            {codes.map((code) => (
              <th key={code} scope="col">
                {code}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {units.map((unit) => (
            <tr key={unit}>
              <th scope="row">{nameOf(unit)}</th>
              {codes.map((code) => (
                <td key={code}>
                  <span class="only-narrow">{`${code}: `}</span>
                  {valueOf(unit, code) ?? '–'}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
