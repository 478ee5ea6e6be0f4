import type { CaseEvent, CaseStatement } from '#libs/domain';
import { readCheckedAct, readDeviationReport, readFormIdentity, systemsOf } from '#libs/forms';
import { rejectedFor, revisionOf, type Arrival, type Translation, type TranslatorParts } from '../translation.ts';

/**
 * A report of a deviation becomes one case event. Who reports is the caller that the ingress authenticated; of the person only
 * the id that the hub has for it goes on.
 */
export function readReportRecord(arrival: Arrival, { ids }: TranslatorParts): Translation {
  const read = readDeviationReport(arrival.bytes);
  if (!read.ok) return { kind: 'rejection', faults: read.faults };
  const { deviation, on, consequence, consent, text, stay, person, organisation } = read.value;
  const identity = person && readFormIdentity(person, systemsOf(arrival.sender));
  if (typeof identity === 'string') return rejectedFor(identity, '$.person.value');
  return caseEvents(arrival, ids, {
    ...{ kind: 'reported', code: deviation, on, consequence, consent },
    ...(text !== undefined && { text }),
    ...(stay !== undefined && { stayId: stay }),
    ...(identity && { patientId: ids.patient(identity.system, identity.value) }),
    ...(organisation !== undefined && { organisation }),
  });
}

/** What a person does with a case, as the hub itself wrote it down when it had checked it. */
export function readCheckedActRecord(arrival: Arrival, { ids }: TranslatorParts): Translation {
  const act = readCheckedAct(arrival.bytes);
  return act ? caseEvents(arrival, ids, { kind: 'acted', ...act }) : rejectedFor('undecodable-record');
}

function caseEvents(arrival: Arrival, ids: TranslatorParts['ids'], says: CaseStatement): Translation {
  const { inboundId, sender: by, intakeAt, intakeStamp } = arrival;
  const event: CaseEvent = {
    ...{
      eventId: ids.event(inboundId, 0),
      inboundId,
      ordinal: 0,
      revision: revisionOf(undefined),
      intakeAt,
      intakeStamp,
    },
    ...{ by, says },
  };
  return { kind: 'case-events', events: [event] };
}
