import { definePlainMigration } from '#libs/persistence';

/** A search can ask whose a deviation is (`actor`): rows that are there get it. */
const DEVIATIONS = `
update resource set actor = (
  select e ->> 'valueString' from jsonb_array_elements(body::jsonb -> 'extension') e
  where e ->> 'url' = 'https://bryggan.example/fhir/StructureDefinition/deviation-party'
) where type = 'DetectedIssue';`;

export const PARTY_DEVIATIONS = definePlainMigration('0003-party-deviations', DEVIATIONS);
