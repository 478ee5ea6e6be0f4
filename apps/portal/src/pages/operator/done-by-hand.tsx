import type { VNode } from 'preact';
import type { Instant } from '#libs/domain';
import { timeWords } from '../time-words.ts';
import { OPERATOR_ACTS, type OperatorAct } from './operator-acts.ts';

/** What operators have done about one thing, with names and reasons; nothing where nobody has. */
export function DoneByHand({
  acts,
  now,
}: {
  readonly acts: readonly OperatorAct[];
  readonly now: Instant;
}): VNode | null {
  if (acts.length === 0) return null;
  return (
    <>
      <h2>Gjort för hand</h2>
      <ol class="timeline">
        {acts.map(({ at, name, what, reason }) => (
          <li key={`${at} ${what}`}>
            <p class="when">{timeWords(at, now)}</p>
            <h3>{OPERATOR_ACTS[what]}</h3>
            <p class="text">{reason}</p>
            <p class="quiet">Av {name}</p>
          </li>
        ))}
      </ol>
    </>
  );
}
