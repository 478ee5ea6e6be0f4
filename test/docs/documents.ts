import { AGREEMENT_SCHEMA, AGREEMENT_TESTS_SCHEMA } from '../../libs/county/src/agreement-schema.ts';
import { CALLERS_SCHEMA, PERSONS_SCHEMA, RESPONSES_SCHEMA } from '../../libs/county/src/county-schema.ts';
import { deviationsPage } from './deviations-page.ts';
import { disclosurePage } from './disclosure-page.ts';
import { capabilityStatement } from '../../apps/portal/src/fhir-api/capability-statement.ts';
import { FHIR_BASE } from '#libs/fhir';
import { asyncApi } from './asyncapi.ts';
import { openApi } from './openapi.ts';
import { settingsPage } from './settings-page.ts';

/** A page or file that is made from the code, by its path from the root. */
export interface Document {
  readonly path: string;
  readonly text: string;
}

/** All that is made from the code and kept in the repository, freshly made. */
export async function documents(): Promise<Document[]> {
  return [
    { path: 'docs/settings.md', text: settingsPage() },
    { path: 'docs/deviations.md', text: deviationsPage() },
    { path: 'docs/what-may-be-said.md', text: disclosurePage() },
    { path: 'schemas/openapi.json', text: json(await openApi()) },
    { path: 'schemas/asyncapi.json', text: json(asyncApi()) },
    {
      path: 'schemas/fhir/capability-statements/bryggan.json',
      text: json({ ...capabilityStatement(FHIR_BASE), id: 'bryggan' }),
    },
    // The very schemas by which the county's folder is read at a start.
    ...Object.entries({
      agreement: AGREEMENT_SCHEMA,
      'agreement-tests': AGREEMENT_TESTS_SCHEMA,
      callers: CALLERS_SCHEMA,
      persons: PERSONS_SCHEMA,
      responses: RESPONSES_SCHEMA,
    }).map(([name, schema]) => ({
      path: `schemas/county/${name}.json`,
      text: json({ $schema: JSON_SCHEMA, $id: `https://bryggan.example/schemas/county/${name}.json`, ...schema }),
    })),
  ];
}

const JSON_SCHEMA = 'http://json-schema.org/draft-07/schema#';

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
