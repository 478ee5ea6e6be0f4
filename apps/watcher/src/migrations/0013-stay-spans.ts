import { definePlainMigration } from '#libs/persistence';

/**
 * stay_span: from when to when each stay was, by every id of its person, so that a readmission is found without a look at all the
 * person's stays. Stays from before are put in when they are judged by the rules that ask for it (`rejudging`).
 */
export const STAY_SPANS = definePlainMigration(
  '0013-stay-spans',
  `
create table stay_span (
  stay_id text not null,
  patient_id text not null,
  admitted_at bigint not null,
  discharged_at bigint,
  unplanned boolean not null,
  stated_by text not null,
  primary key (stay_id, patient_id)
);
create index stay_span_admitted on stay_span (patient_id, admitted_at);
create index stay_span_discharged on stay_span (patient_id, discharged_at) where discharged_at is not null;
`,
);
