import { definePlainMigration } from '#libs/persistence';

/**
 * The view is made of `stays`, what the router says of each stay, and keeps no events. What the version before has made of
 * them stays as it is until the router says the stay; the router there kept no PV1-19, so `visit_id` is taken from the events.
 * A search can ask an Encounter's visit id (`code`) and whose a deviation is (`actor`): rows that are there get both.
 */
const SAID_STAYS = `
alter table stay
  add column version bigint not null default 0,
  add column visit_id text,
  add column lines text;
update stay s set visit_id = e.visit_id from event e where e.stay_id = s.stay_id and e.visit_id is not null;
drop table event;
drop table person;
drop index stay_by_patient;
alter table stay drop column patient_id;
update resource set code = body::jsonb #>> '{identifier,0,value}' where type = 'Encounter';
update resource set actor = (
  select e ->> 'valueString' from jsonb_array_elements(body::jsonb -> 'extension') e
  where e ->> 'url' = 'https://bryggan.example/fhir/StructureDefinition/deviation-party'
) where type = 'DetectedIssue';`;

export const HUB_SAID_STAYS = definePlainMigration('0004-hub-said-stays', SAID_STAYS);
