import type { Scenario } from './scenario.ts';
import { ADMISSION_TIMES } from './admission-times.ts';
import { AT_THE_DISCHARGE } from './at-the-discharge.ts';
import { BY_HAND } from './by-hand.ts';
import { CANCELLED } from './cancelled.ts';
import { CLOSED } from './closed.ts';
import { CORRECTED } from './corrected.ts';
import { DISCHARGED_AGAIN } from './discharged-again.ts';
import { EXPECTED_DISCHARGE } from './expected-discharge.ts';
import { FACT_TIMES } from './fact-times.ts';
import { IDENTITY } from './identity.ts';
import { INCOMPLETE } from './incomplete.ts';
import { LATE } from './late.ts';
import { LEAVING } from './leaving.ts';
import { INFORMATION, INS_MISSING } from './missing.ts';
import { MORE_TRIGGERS } from './more-triggers.ts';
import { NEEDED, NEEDS_APART } from './needed.ts';
import { ORDERED } from './ordered.ts';
import { ORDINARY, WITHOUT_NEED } from './ordinary.ts';
import { HUB_STANDS_STILL } from './out-of-order.ts';
import { DAYS_SAID, READINESS } from './readiness.ts';
import { READABLE_PARTS } from './readable-parts.ts';
import { READMITTED } from './readmitted.ts';
import { SENT_ON } from './sent-on.ts';
import { TRANSPORT } from './transport.ts';

export { ORDINARY };

/** All that is not the everyday. Order matters: of the scenarios that inject a code the first is played in every county. */
export const SPECIAL: readonly Scenario[] = [
  ...INS_MISSING,
  ...LATE,
  ...INFORMATION,
  ...INCOMPLETE,
  ...EXPECTED_DISCHARGE,
  ...READINESS,
  ...DAYS_SAID,
  ...AT_THE_DISCHARGE,
  ...READMITTED,
  ...BY_HAND,
  ...HUB_STANDS_STILL,
  ...NEEDED,
  ...TRANSPORT,
  ...CANCELLED,
  ...CORRECTED,
  ...FACT_TIMES,
  ...DISCHARGED_AGAIN,
  ...CLOSED,
  ...ADMISSION_TIMES,
  ...NEEDS_APART,
  ...ORDERED,
  ...IDENTITY,
  ...READABLE_PARTS,
  ...LEAVING,
  ...MORE_TRIGGERS,
  ...SENT_ON,
  ...WITHOUT_NEED,
];
