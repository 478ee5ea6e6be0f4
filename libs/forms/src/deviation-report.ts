import { CONSEQUENCES, REPORT_CODES, type Consequence } from '#libs/domain';
import { fault, looksLikePersonNumber, type Fault } from '#libs/platform';
import { closed, HSA_ID, TEXT, UUID } from './elements.ts';
import { formReader, type FormSchema } from './form-check.ts';
import { IDENTITY_SCHEMA, readFormIdentity, type FormIdentity } from './form-person.ts';
import type { Reading } from './json-object.ts';

/**
 * A report of a deviation by a person: `POST /deviation-reports` (rules 6.3). It names the stay, where the reporter was told of
 * it; else the person and the hospital, for what never came cannot be named; else the hospital alone.
 */
export interface DeviationReportForm {
  readonly code: 'REPORT';
  /** What went wrong. */
  readonly deviation: string;
  /** Local day on which it happened. */
  readonly on: string;
  readonly consequence: Consequence;
  /** The patient has agreed to being named to the unit (AVV-01). */
  readonly consent: boolean;
  readonly text?: string;
  /** Encounter.id in the reporter's own view. */
  readonly stay?: string;
  readonly person?: FormIdentity;
  /** The hospital: the organisation whose ward it was. */
  readonly organisation?: string;
}

/** JSON Schema of a report. */
export const DEVIATION_REPORT_SCHEMAS: Readonly<Record<'REPORT', FormSchema>> = {
  REPORT: {
    ...closed(
      {
        ...{ code: { const: 'REPORT' }, deviation: { enum: REPORT_CODES }, on: { type: 'string', format: 'date' } },
        ...{ consequence: { enum: CONSEQUENCES }, consent: { type: 'boolean' }, text: TEXT },
        ...{ stay: UUID, person: IDENTITY_SCHEMA, organisation: HSA_ID },
      },
      ['code', 'deviation', 'on', 'consequence', 'consent'],
    ),
    anyOf: [
      { required: ['stay'], properties: { stay: {} } },
      { required: ['organisation'], properties: { organisation: {} } },
    ],
  },
};

const readForm = formReader<DeviationReportForm>(DEVIATION_REPORT_SCHEMAS);

/** Reads a report. Its text goes on to the unit: it names nobody by number (AVV-01). */
export function readDeviationReport(bytes: Uint8Array): Reading<DeviationReportForm> {
  const read = readForm(bytes);
  if (!read.ok) return read;
  const [first, ...rest] = faultsIn(read.value);
  return first === undefined ? read : { ok: false, faults: [first, ...rest] };
}

function faultsIn({ text, person }: DeviationReportForm): Fault[] {
  const identity = person && readFormIdentity(person, () => '');
  return [
    ...(text !== undefined && looksLikePersonNumber(text) ? [fault('person-in-text', '$.text')] : []),
    ...(typeof identity === 'string' ? [fault(identity, '$.person.value')] : []),
  ];
}
