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
        {acts.map((act) => (
          <li key={`${act.at} ${act.what}`}>
            <ActWords act={act} now={now} />
          </li>
        ))}
      </ol>
    </>
  );
}

/** What one act was, when, why, and whose. */
export function ActWords({ act, now }: { readonly act: OperatorAct; readonly now: Instant }): VNode {
  return (
    <>
      <p class="when">{timeWords(act.at, now)}</p>
      <h3>{OPERATOR_ACTS[act.what]}</h3>
      <p class="text">{act.reason}</p>
      <p class="quiet">Av {act.name}</p>
    </>
  );
}
