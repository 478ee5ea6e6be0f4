import { scaleLinear, scalePoint, scaleSqrt } from 'd3-scale';
import { area, line } from 'd3-shape';
import type { VNode } from 'preact';
import type { Rate } from '#libs/domain';

/**
 * The pictures of the pattern view, drawn on the server as SVG. Each stands beside its table, which says the same in numbers: for
 * who does not see the picture it is left out (`aria-hidden`). Colours come from the style sheet, so that they follow the dark
 * mode, and are never alone in telling something: what is outside its limits is a ring, not only red.
 */

const WIDTH = 640;
const HEIGHT = 300;
const MARGIN = { top: 16, right: 16, bottom: 44, left: 52 };
const INNER = { right: WIDTH - MARGIN.right, bottom: HEIGHT - MARGIN.bottom };

const percent = (share: number): string => `${(share * 100).toFixed(share < 0.1 ? 1 : 0).replace('.', ',')} %`;
const isFlagged = ({ flags }: Rate): boolean => flags.length > 0;

interface FrameProps {
  readonly children: VNode | readonly (VNode | null)[];
}

function Picture({ children }: FrameProps): VNode {
  return (
    <svg class="picture" width={WIDTH * 1.15} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="presentation" aria-hidden="true">
      {children}
    </svg>
  );
}

interface AxisProps {
  /** Position and text of each mark. */
  readonly marks: readonly (readonly [at: number, text: string])[];
  readonly label: string;
}

function LeftAxis({ marks, label }: AxisProps): VNode {
  return (
    <g class="axis">
      {marks.map(([at, text]) => (
        <g key={text}>
          <line x1={MARGIN.left} x2={INNER.right} y1={at} y2={at} class="grid" />
          <text x={MARGIN.left - 8} y={at + 4} text-anchor="end">
            {text}
          </text>
        </g>
      ))}
      <text x={MARGIN.left} y={MARGIN.top - 4}>
        {label}
      </text>
    </g>
  );
}

function BottomAxis({ marks, label }: AxisProps): VNode {
  return (
    <g class="axis">
      {marks.map(([at, text]) => (
        <text key={text} x={at} y={INNER.bottom + 18} text-anchor="middle">
          {text}
        </text>
      ))}
      <text x={INNER.right} y={HEIGHT - 6} text-anchor="end">
        {label}
      </text>
    </g>
  );
}

interface OverTimeProps {
  /** All months of the picture, the oldest first: one whose number is held back is a gap, and keeps its place. */
  readonly months: readonly string[];
  readonly rates: readonly Rate[];
}

/** The share of a unit month by month: its 95 % interval, the share of its past, and the limits that a month should keep within. */
export function RateOverTime({ months, rates }: OverTimeProps): VNode {
  const x = scalePoint(months, [MARGIN.left + 16, INNER.right - 16]);
  const highest = Math.max(
    0.05,
    ...rates.map(({ interval, past }) => Math.max(interval.high, past?.limits?.high ?? 0)),
  );
  const y = scaleLinear([0, highest], [INNER.bottom, MARGIN.top]).nice(5);
  const of = new Map(rates.map((rate) => [rate.month, rate]));
  const at = (month: string): number => x(month) ?? 0;
  const limits = area<string>()
    .defined((month) => of.get(month)?.past?.limits !== undefined)
    .x(at)
    .y0((month) => y(of.get(month)?.past?.limits?.low ?? 0))
    .y1((month) => y(of.get(month)?.past?.limits?.high ?? 0))(months);
  const past = line<string>(at, (month) => y(of.get(month)?.past?.rate ?? 0)).defined(
    (month) => of.get(month)?.past !== undefined,
  )(months);
  const curve = line<string>(at, (month) => y(of.get(month)?.rate ?? 0)).defined((month) => of.has(month))(months);
  // Twelve names of months are as many as there is room for.
  const every = Math.ceil(months.length / 12);
  return (
    <Picture>
      <LeftAxis marks={y.ticks(5).map((tick) => [y(tick), percent(tick)])} label="Andel" />
      <BottomAxis
        marks={months.filter((_, index) => index % every === 0).map((month) => [at(month), month.slice(2)])}
        label="Månad"
      />
      {limits === null ? null : <path d={limits} class="band" />}
      {past === null ? null : <path d={past} class="centre" />}
      <path d={curve ?? ''} class="curve" />
      <g>
        {rates.map((one) => (
          <g key={one.month}>
            <line
              x1={at(one.month)}
              x2={at(one.month)}
              y1={y(one.interval.low)}
              y2={y(one.interval.high)}
              class="interval"
            />
            <circle cx={at(one.month)} cy={y(one.rate)} r={3.5} class="point" />
            {isFlagged(one) && <circle cx={at(one.month)} cy={y(one.rate)} r={8} class="flag" />}
          </g>
        ))}
      </g>
    </Picture>
  );
}

/** All units of a month: their share by how many stays they had, and the limits around the share of them all (a funnel). */
export function Funnel({ rates }: { readonly rates: readonly Rate[] }): VNode {
  const all = { count: sum(rates, 'count'), of: sum(rates, 'of') };
  const share = all.of === 0 ? 0 : all.count / all.of;
  const most = Math.max(10, ...rates.map(({ of }) => of));
  const highest = Math.min(1, Math.max(share * 2, 0.05, ...rates.map(({ rate }) => rate)) * 1.1);
  const x = scaleSqrt([0, most], [MARGIN.left, INNER.right]).nice();
  const y = scaleLinear([0, highest], [INNER.bottom, MARGIN.top]).nice(5);
  const sizes = Array.from({ length: 60 }, (_, step) => ((step + 1) / 60) * most);
  const limit = (sign: 1 | -1) => (of: number) =>
    y(Math.min(highest, Math.max(0, share + sign * 3 * Math.sqrt((share * (1 - share)) / of))));
  const funnel = area<number>((of) => x(of), limit(-1), limit(1))(sizes);
  return (
    <Picture>
      <LeftAxis marks={y.ticks(5).map((tick) => [y(tick), percent(tick)])} label="Andel" />
      <BottomAxis marks={x.ticks(5).map((tick) => [x(tick), `${tick}`])} label="Vårdtillfällen" />
      <path d={funnel ?? ''} class="band" />
      <line x1={MARGIN.left} x2={INNER.right} y1={y(share)} y2={y(share)} class="centre" />
      <g>
        {rates.map((one) => (
          <g key={one.unit}>
            <circle cx={x(one.of)} cy={y(one.rate)} r={4.5} class="point" />
            {isFlagged(one) && <circle cx={x(one.of)} cy={y(one.rate)} r={9} class="flag" />}
          </g>
        ))}
      </g>
    </Picture>
  );
}

const sum = (rates: readonly Rate[], field: 'count' | 'of'): number =>
  rates.reduce((total, rate) => total + rate[field], 0);

interface HeatProps {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly nameOf: (row: string) => string;
  /** Undefined: nothing, or held back. */
  readonly valueOf: (row: string, column: string) => number | undefined;
}

const LONGEST_NAME = 30;
/** A unit's name as there is room for beside a picture. */
export const shortened = (name: string): string =>
  name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
const CELL = { width: 64, height: 24 };

/** Codes by unit: the darker, the more. The number stands in each cell. */
export function HeatMap({ rows, columns, nameOf, valueOf }: HeatProps): VNode {
  const left = 210;
  const width = left + columns.length * CELL.width;
  const highest = Math.max(1, ...rows.flatMap((row) => columns.map((column) => valueOf(row, column) ?? 0)));
  // Four steps that differ in lightness, so that they are told apart in black and white too.
  const step = (value: number): number => Math.min(4, Math.ceil((value / highest) * 4));
  return (
    <svg
      class="picture"
      width={width}
      viewBox={`0 0 ${width} ${28 + rows.length * CELL.height}`}
      role="presentation"
      aria-hidden="true"
    >
      <g class="axis">
        {columns.map((column, index) => (
          <text key={column} x={left + (index + 0.5) * CELL.width} y={18} text-anchor="middle">
            {column}
          </text>
        ))}
        {rows.map((row, index) => (
          <text key={row} x={left - 8} y={28 + (index + 0.65) * CELL.height} text-anchor="end">
            {shortened(nameOf(row))}
          </text>
        ))}
      </g>
      {rows.flatMap((row, down) =>
        columns.map((column, across) => {
          const value = valueOf(row, column);
          const [x, y] = [left + across * CELL.width, 28 + down * CELL.height];
          return (
            <g key={`${row} ${column}`}>
              <rect
                {...{ x, y, width: CELL.width - 2, height: CELL.height - 2 }}
                class={`heat heat-${value === undefined ? 0 : step(value)}`}
              />
              <text
                x={x + CELL.width / 2}
                y={y + 16}
                text-anchor="middle"
                class={`heat-text heat-text-${value === undefined ? 0 : step(value)}`}
              >
                {value ?? '–'}
              </text>
            </g>
          );
        }),
      )}
    </svg>
  );
}
