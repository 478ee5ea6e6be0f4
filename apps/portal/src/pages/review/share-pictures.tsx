import type { VNode } from 'preact';
import { shortened } from './pictures.tsx';
import { shareWords } from './month-report.ts';
import type { SharePart, UnitShares } from './shares.ts';

const LEFT = 210;
const RIGHT = 90;
const BAR = { width: 400, height: 18, row: 26 };
const WIDTH = LEFT + BAR.width + RIGHT;

const isOpen = ({ isUncertain }: SharePart): boolean => isUncertain !== true;

/** The first part in words; where something is held back it is the most it can be. */
function firstShare({ of, parts: [first] }: UnitShares): string {
  if (first === undefined || of === 0) return '–';
  const share = shareWords(first.count / of);
  return isOpen(first) ? share : `högst ${share}`;
}

/** A bar for each unit, divided into its parts; a part that may be less than it looks is hatched, and its share is said to be the most. */
function Bars({ units, nameOf }: Pick<SharesProps, 'units' | 'nameOf'>): VNode {
  return (
    <svg
      class="picture"
      width={WIDTH}
      viewBox={`0 0 ${WIDTH} ${units.length * BAR.row}`}
      role="presentation"
      aria-hidden="true"
    >
      <defs>
        <pattern id="held" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="6" height="6" class="share-held" />
          <line y2="6" class="share-hatch" />
        </pattern>
      </defs>
      {units.map((unit, down) => {
        const y = down * BAR.row + 4;
        const ends = unit.parts.map((_, index) =>
          unit.parts.slice(0, index + 1).reduce((sum, { count }) => sum + count, 0),
        );
        const x = (count: number): number => LEFT + (count / unit.of) * BAR.width;
        return (
          <g key={unit.unit}>
            <text x={LEFT - 8} y={y + 13} text-anchor="end">
              {shortened(nameOf(unit.unit))}
            </text>
            {unit.parts.map((part, index) => (
              <rect
                key={part.name}
                {...{ y, x: x(ends[index - 1] ?? 0), height: BAR.height }}
                width={x(part.count) - LEFT}
                class={`share share-${index}`}
                {...(!isOpen(part) && { fill: 'url(#held)', class: 'share' })}
              />
            ))}
            <text x={LEFT + BAR.width + 8} y={y + 13}>
              {firstShare(unit)}
            </text>
          </g>
        );
      })}
    </svg>
  );
}

interface SharesProps {
  readonly title: string;
  /** What the parts are parts of. */
  readonly of: string;
  readonly units: readonly UnitShares[];
  readonly nameOf: (unit: string) => string;
  /** A count below it is not shown. */
  readonly threshold: number;
}

/** How the stays of each unit are divided: picture, what its colours mean, and table. Says so where no unit can be shown. */
export function Shares({ title, of, units, nameOf, threshold }: SharesProps): VNode {
  const [one] = units;
  const isHeld = units.some(({ parts }) => !parts.every(isOpen));
  return (
    <>
      <h3>{title}</h3>
      {one === undefined ? (
        <p class="empty">{`Ingen enhet kan visas: något av talen är mindre än ${threshold}, eller skulle avslöja ett som är det.`}</p>
      ) : (
        <>
          <ul class="legend" aria-hidden="true">
            {one.parts.map(({ name }, index) => (
              <li key={name}>
                <svg width="14" height="14" class="picture">
                  <rect width="14" height="14" class={`share share-${index}`} />
                </svg>
                {name}
              </li>
            ))}
          </ul>
          <Bars units={units} nameOf={nameOf} />
          <table class="ds-table rows">
            <caption>{`${of}, per enhet`}</caption>
            <thead>
              <tr>
                <th scope="col">Enhet</th>
                {one.parts.map(({ name }) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
                <th scope="col">{`Andel: ${one.parts[0]?.name.toLowerCase() ?? ''}`}</th>
              </tr>
            </thead>
            <tbody>
              {units.map((unit) => (
                <tr key={unit.unit}>
                  <th scope="row">{nameOf(unit.unit)}</th>
                  {unit.parts.map((part) => (
                    <td key={part.name}>
                      <span class="only-narrow">{`${part.name}: `}</span>
                      {boundWords(unit, part)}
                    </td>
                  ))}
                  <td>
                    <span class="only-narrow">Andel: </span>
                    {firstShare(unit)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {isHeld && (
            <p class="quiet">
              Streckat, ”högst” och ”minst”: något som hör hit är för litet för att visas, och hålls inne.
            </p>
          )}
        </>
      )}
    </>
  );
}

/** A count, or how much of it there is at most or at least where some of it is held back. */
function boundWords({ parts }: UnitShares, part: SharePart): string {
  if (parts.every(isOpen)) return `${part.count}`;
  return part === parts[0] ? `högst ${part.count}` : `minst ${part.count}`;
}
