import type { Meta, Observation, Reference } from 'fhir/r4.js';
import type { Fact, FactStatus, FirstFact, Scope, StayEvent } from '#libs/domain';
import { SCOPES } from '#libs/domain';
import { EXTENSION, SYSTEM } from '../addresses.ts';
import { isFactCode } from '../codes.ts';
import { missing, reference, required } from '../resource.ts';
import { readInstant, writeInstant } from '../times-and-texts.ts';

const STATUS: Readonly<Record<FactStatus, Observation['status']>> = {
  F: 'final',
  C: 'corrected',
  D: 'entered-in-error',
};
const STATUS_OF: ReadonlyMap<string, FactStatus> = new Map<string, FactStatus>([
  ['final', 'F'],
  ['corrected', 'C'],
  ['entered-in-error', 'D'],
]);

const CODED = /^[A-Z][A-Z0-9_]*$/;

type Value = Pick<Observation, 'valueCodeableConcept' | 'valueString' | 'component'>;

/**
 * OBX-5: codes as one concept of several codings, a text as a string, several texts as components. FHIR has no empty
 * string: an empty repetition is a component without value.
 */
function writeValues(fact: Fact): Value {
  const { values } = fact;
  if (values.length === 0) return {};
  if (values.every((value) => CODED.test(value))) {
    return { valueCodeableConcept: { coding: values.map((code) => ({ system: SYSTEM.factValue, code })) } };
  }
  const [first] = values;
  if (values.length === 1 && first !== undefined && first !== '') return { valueString: first };
  const code = { coding: [{ system: SYSTEM.fact, code: fact.code }] };
  return { component: values.map((value) => (value === '' ? { code } : { code, valueString: value })) };
}

function readValues(observation: Observation): readonly string[] {
  const { valueCodeableConcept, valueString, component } = observation;
  if (valueCodeableConcept !== undefined) {
    return (valueCodeableConcept.coding ?? []).map(({ code }) => required(code, 'Observation.value'));
  }
  if (valueString !== undefined) return [valueString];
  return component?.map((part) => part.valueString ?? '') ?? [];
}

const observationExtensions = (fact: Fact) => [
  ...fact.scopes.map((scope) => ({ url: EXTENSION.scope, valueCode: scope })),
  ...(fact.stated === undefined ? [] : [{ url: EXTENSION.factTime, valueString: fact.stated }]),
];

/** One Observation per fact, in the order of the message (contract 2). */
export function writeFacts(event: StayEvent, meta: Meta | undefined): Observation[] {
  const subject = reference('Patient', event.patientId);
  const encounter = reference('Encounter', event.stayId);
  return event.facts.map((fact, index) => writeFact(fact, `${event.eventId}-${index}`, subject, encounter, meta));
}

function writeFact(
  fact: Fact,
  id: string,
  subject: Reference,
  encounter: Reference,
  meta: Meta | undefined,
): Observation {
  const extension = observationExtensions(fact);
  return {
    resourceType: 'Observation',
    id,
    ...(meta === undefined ? {} : { meta }),
    ...(extension.length === 0 ? {} : { extension }),
    status: STATUS[fact.status],
    code: { coding: [{ system: SYSTEM.fact, code: fact.code }] },
    subject,
    encounter,
    effectiveInstant: writeInstant(fact.at),
    ...(fact.judgedBy === undefined ? {} : { performer: [{ identifier: { value: fact.judgedBy } }] }),
    ...writeValues(fact),
  };
}

const isScope = (code: string | undefined): code is Scope => SCOPES.some((scope) => scope === code);

/** The inverse of {@link writeFacts} for one Observation. */
export function readFact(observation: Observation): Fact {
  const stated = observation.extension?.find(({ url }) => url === EXTENSION.factTime)?.valueString;
  return { ...readFactBase(observation), ...(stated === undefined ? {} : { stated }) };
}

/** A fact as a record of the first version has it. */
export function readFirstFact(observation: Observation): FirstFact {
  const own = observation.extension?.find(({ url }) => url === EXTENSION.ownTime);
  return { ...readFactBase(observation), ownTime: own?.valueBoolean === true };
}

function readFactBase(observation: Observation): Omit<Fact, 'stated'> {
  const code = observation.code.coding?.[0]?.code;
  const scopes = (observation.extension ?? []).flatMap(({ url, valueCode }) =>
    url !== EXTENSION.scope ? [] : isScope(valueCode) ? [valueCode] : missing('Observation.scope'),
  );
  const judgedBy = observation.performer?.[0]?.identifier?.value;
  return {
    code: isFactCode(code) ? code : missing('Observation.code'),
    scopes,
    values: readValues(observation),
    status: required(STATUS_OF.get(observation.status), 'Observation.status'),
    at: readInstant(observation.effectiveInstant, 'Observation.effectiveInstant'),
    ...(judgedBy === undefined ? {} : { judgedBy }),
  };
}
