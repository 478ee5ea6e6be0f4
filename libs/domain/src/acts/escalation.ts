import type { TaskCode } from './duties.ts';
import { HOUR, type Instant } from '../time/time.ts';

/**
 * To whom a Task goes on when its owner has not done it, and when (rules 4.4: a message never ends in silence; MC-28). It is a
 * Task of its own beside the first, which stays its owner's, and ends with it.
 *
 *   again      the owner is asked once more
 *   operator   the hub's operator is asked to see to it that the ward does it
 *   ward       the ward's organisation is asked to tell the recipient by telephone, as nobody at the hub has found one
 *
 * Said by the watermark: only who knows that nothing has come says that nothing was done.
 */
export interface EscalationStep {
  readonly code: TaskCode;
  /** This long before the deadline of a Task that has 24 hours; of a shorter one in proportion. */
  readonly before: Instant;
  readonly to: 'again' | 'operator' | 'ward';
  /** Swedish, for a person; `again` repeats the Task's own text behind it. */
  readonly text: string;
}

interface EscalationRow {
  /** First local day in force; the row that was when the Task was given holds for it (DEC-34). */
  readonly from: string;
  readonly source: string;
  readonly steps: readonly EscalationStep[];
}

const ROWS: readonly EscalationRow[] = [
  {
    from: '2018-01-01',
    source: 'rules 4.4 (manual queue within the 24 hours); DEC-05; the hours are the hub’s own default',
    steps: [
      { code: 'ROUTE-BY-HAND', before: 12 * HOUR, to: 'again', text: 'Eskalerad: ingen mottagare är vald.' },
      {
        code: 'ROUTE-BY-HAND',
        before: 4 * HOUR,
        to: 'ward',
        text: 'Ett meddelande har ännu ingen mottagare. Ring den som berörs och anteckna samtalet; hubben väljer fortfarande mottagare.',
      },
      {
        code: 'COMPLETE-INS',
        before: 4 * HOUR,
        to: 'operator',
        text: 'Eskalerad: avdelningen har inte kompletterat inskrivningsmeddelandet. Ring avdelningen.',
      },
      {
        code: 'CONFIRM',
        before: 4 * HOUR,
        to: 'operator',
        text: 'Eskalerad: avdelningen har inte bekräftat. Ring avdelningen.',
      },
    ],
  },
];

/** The steps of a Task's code, in the row that was in force on a local day. */
export function escalationSteps(code: TaskCode, date: string): EscalationStep[] {
  const row = ROWS.findLast(({ from }) => from <= date) ?? ROWS[0];
  return (row?.steps ?? []).filter((step) => step.code === code);
}

/** A Task's time of which the hours of a step are told. */
const WHOLE = 24 * HOUR;

/** When a step is taken of a Task that has been open since an instant and is due at another. */
export function escalatesAt({ before }: EscalationStep, since: Instant, due: Instant): Instant {
  const time = Math.max(0, due - since);
  return due - Math.floor(before * Math.min(1, time / WHOLE));
}
