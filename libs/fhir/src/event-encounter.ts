import type { Encounter, Extension, Meta } from 'fhir/r4.js';
import type { EncounterClass, EncounterStatement, Leaving, StatedTime, StayEvent, Trigger } from '#libs/domain';
import { EXTENSION } from './addresses.ts';
import { DISPOSITION, ENCOUNTER_CLASS, ENCOUNTER_STATUS, SYSTEM } from './codes.ts';
import { organizationId, reference } from './entry.ts';
import { readDeleted, writeDeleted } from './event-patient.ts';
import { IDENTIFIER_SYSTEM } from './identifiers.ts';
import { fhirDateTime, readStatedTime, statedTimeElement } from './times.ts';
import { missing } from './unreadable.ts';

const CLEARABLE = ['ward', 'start', 'end', 'expectedDischarge'] as const;

/** A stated time as the value of an extension. */
export function timeExtension(url: string, time: StatedTime): Extension {
  return { url, valueDateTime: fhirDateTime(time), _valueDateTime: statedTimeElement(time) };
}

function writePeriod(start: StatedTime | null | undefined, end: StatedTime | null | undefined) {
  if (start == null && end == null) return undefined;
  return {
    ...(start == null ? {} : { start: fhirDateTime(start), _start: statedTimeElement(start) }),
    ...(end == null ? {} : { end: fhirDateTime(end), _end: statedTimeElement(end) }),
  };
}

/**
 * What an event states about the stay: its state as far as this one message tells.
 * @param visitId PV1-19, for the sender's own eyes
 */
export function writeEventEncounter(
  event: Pick<StayEvent, 'encounter' | 'stayId' | 'patientId' | 'trigger'>,
  visitId: string | undefined,
  meta: Meta | undefined,
): Encounter {
  const { class: stated, ward, start, end, expectedDischarge, leaving } = event.encounter;
  const extension = writeDeleted(CLEARABLE, event.encounter);
  if (expectedDischarge != null) extension.push(timeExtension(EXTENSION.plannedEndDate, expectedDischarge));
  const period = writePeriod(start, end);
  return {
    resourceType: 'Encounter',
    id: event.stayId,
    ...(meta === undefined ? {} : { meta }),
    ...(extension.length === 0 ? {} : { extension }),
    ...(visitId === undefined ? {} : { identifier: [{ system: IDENTIFIER_SYSTEM.visit, value: visitId }] }),
    status: ENCOUNTER_STATUS[event.trigger],
    class: ENCOUNTER_CLASS[stated ?? 'unstated'],
    subject: reference('Patient', event.patientId),
    ...(period === undefined ? {} : { period }),
    ...(leaving === undefined
      ? {}
      : {
          hospitalization: {
            dischargeDisposition: { coding: [{ system: SYSTEM.discharge, code: DISPOSITION[leaving] }] },
          },
        }),
    ...(ward == null ? {} : { serviceProvider: reference('Organization', organizationId(ward)) }),
  };
}

const CLASSES: ReadonlyMap<string | undefined, EncounterClass | undefined> = new Map<
  string | undefined,
  EncounterClass | undefined
>([
  ['IMP', 'IMP'],
  ['EMER', 'EMER'],
  ['AMB', 'AMB'],
  ['PRENC', 'PRENC'],
  ['OTH', 'OTHER'],
  ['UNK', undefined],
]);

const LEAVING: ReadonlyMap<string | undefined, Leaving> = new Map<string | undefined, Leaving>([
  [DISPOSITION.home, 'home'],
  [DISPOSITION.transfer, 'transfer'],
  [DISPOSITION['against-advice'], 'against-advice'],
  [DISPOSITION.dead, 'dead'],
]);

function readLeaving(encounter: Encounter): Leaving | undefined {
  const disposition = encounter.hospitalization?.dischargeDisposition;
  if (disposition === undefined) return undefined;
  return LEAVING.get(disposition.coding?.[0]?.code) ?? missing('Encounter.hospitalization');
}

/**
 * The inverse of {@link writeEventEncounter}.
 * @param ward HSA-id behind `serviceProvider`, which the bundle's Organization holds
 */
export function readEventEncounter(encounter: Encounter, ward: string | undefined): EncounterStatement {
  const code = encounter.class.code;
  const stated = CLASSES.has(code) ? CLASSES.get(code) : missing('Encounter.class');
  const { period } = encounter;
  const planned = encounter.extension?.find(({ url }) => url === EXTENSION.plannedEndDate);
  const leaving = readLeaving(encounter);
  return {
    ...(stated === undefined ? {} : { class: stated }),
    ...(ward === undefined ? {} : { ward }),
    ...(period?.start === undefined ? {} : { start: readStatedTime(period._start, 'Encounter.period.start') }),
    ...(period?.end === undefined ? {} : { end: readStatedTime(period._end, 'Encounter.period.end') }),
    ...(planned === undefined
      ? {}
      : { expectedDischarge: readStatedTime(planned._valueDateTime, 'Encounter.plannedEndDate') }),
    ...(leaving === undefined ? {} : { leaving }),
    ...readDeleted(CLEARABLE, encounter.extension),
  };
}

/** True for a trigger that the hub understands. */
export const isTrigger = (code: string | undefined): code is Trigger => code !== undefined && code in ENCOUNTER_STATUS;
