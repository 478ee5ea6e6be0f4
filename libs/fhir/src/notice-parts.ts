import type { Address, Communication, Encounter, Extension, Organization, Patient } from 'fhir/r4.js';
import type { NoticeContent, NoticeKind } from '#libs/domain';
import type { NoticeProfile } from './addresses.ts';
import { EXTENSION, noticeProfile, PROFILE } from './addresses.ts';
import { ENCOUNTER_CLASS, NOTICE_NAMES, noticeCode, SYSTEM } from './codes.ts';
import { idIn, reference } from './entry.ts';
import { writeAddress, writeName } from './event-patient.ts';
import { IDENTIFIER_SYSTEM } from './identifiers.ts';
import { writePayload } from './notice-text.ts';
import type { NoticeInput } from './notice.ts';
import { printableAddress, printableName } from './printable.ts';
import { metaOf } from './security-label.ts';
import { fhirDateTime, writeInstant } from './times.ts';

const CARE_PROVIDER = 'care-provider-';

/**
 * Id of the care provider's Organization: made of the name that the notice carries and of nothing else, so that it tells
 * neither ward nor hospital (12.4), and two providers are two in a party's view.
 */
export function careProviderId(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  return (
    CARE_PROVIDER +
    (plain
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 40) || 'unnamed')
  );
}

/** The profiles that a notice obeys: its kind's, or those of the withdrawal where that is a code of its own. */
export function profileOf(kind: NoticeKind, withdrawn: boolean): NoticeProfile {
  return noticeCode(kind, withdrawn).toLowerCase() as NoticeProfile;
}

const MASKED: Address = { extension: [{ url: EXTENSION.dataAbsentReason, valueCode: 'masked' }] };

/** The address, which an INS alone may carry (LUS 2:2); a protected one is shown to be hidden (SE-24, standards 4.1). */
function addressOf(content: NoticeContent, withdrawn: boolean): Address | undefined {
  if (content.kind !== 'INS' || withdrawn) return undefined;
  if (content.person.protection !== undefined) return MASKED;
  return content.person.address === undefined ? undefined : writeAddress(printableAddress(content.person.address));
}

/** The person as this one notice may show it. */
export function writeNoticePatient(input: NoticeInput): Patient {
  const { content } = input.act;
  const { identity, name, protection } = content.person;
  const withdrawn = input.withdrawal !== undefined;
  const address = addressOf(content, withdrawn);
  return {
    resourceType: 'Patient',
    id: input.patientIdForParty,
    meta: metaOf(protection, noticeProfile(profileOf(content.kind, withdrawn), 'patient')),
    identifier: [{ ...(identity.system === '' ? {} : { system: identity.system }), value: identity.value }],
    ...(name === undefined ? {} : { name: [writeName(printableName(name))] }),
    ...(address === undefined ? {} : { address: [address] }),
  };
}

/**
 * Encounter.status as far as this notice tells. INFO says nothing of the state; a withdrawn INS must not say whether the
 * patient died, was discharged or never came (domain.md 12.2): both are `unknown`.
 */
function statusOf(kind: NoticeKind, withdrawn: boolean): Encounter['status'] {
  if (kind === 'INFO' || (kind === 'INS' && withdrawn)) return 'unknown';
  return kind === 'UTS' && !withdrawn ? 'finished' : 'in-progress';
}

function plannedEnd(content: NoticeContent): Extension[] | undefined {
  if (content.kind !== 'INS' && content.kind !== 'BUT') return undefined;
  const time = content.expectedDischarge;
  return time === undefined ? undefined : [{ url: EXTENSION.plannedEndDate, valueDateTime: fhirDateTime(time) }];
}

/** The stay as this one notice may show it: no ward, no start, no class beyond inpatient (domain.md 12.4). */
export function writeNoticeEncounter(input: NoticeInput): Encounter {
  const { content } = input.act;
  const withdrawn = input.withdrawal !== undefined;
  const extension = withdrawn ? undefined : plannedEnd(content);
  return {
    resourceType: 'Encounter',
    id: input.stayId,
    meta: metaOf(
      content.person.protection,
      noticeProfile(profileOf(content.kind, withdrawn), 'encounter'),
      input.version,
    ),
    ...(extension === undefined ? {} : { extension }),
    status: statusOf(content.kind, withdrawn),
    class: ENCOUNTER_CLASS.IMP,
    subject: reference('Patient', input.patientIdForParty),
    ...(content.kind === 'UTS' && !withdrawn ? { period: { end: fhirDateTime(content.dischargedAt) } } : {}),
  };
}

function communicationExtensions(input: NoticeInput): Extension[] {
  const { content, ground } = input.act;
  const extension: Extension[] = [
    { url: EXTENSION.disclosureBasis, valueCoding: { system: SYSTEM.ground, code: ground } },
  ];
  if (input.withdrawal !== undefined) return extension;
  if (content.kind === 'INS') {
    for (const need of content.ownNeed) extension.push({ url: EXTENSION.recipientNeed, valueCode: need });
  }
  if (content.kind === 'UTK') {
    extension.push({ url: EXTENSION.readySince, valueInstant: writeInstant(content.readySince) });
  }
  if (content.kind === 'INFO') extension.push({ url: EXTENSION.infoScope, valueCode: content.scope });
  return extension;
}

/** Withdrawals by a code of their own are ordinary notices; the others are the kind, entered in error (contract 4). */
function communicationStatus(kind: NoticeKind, withdrawn: boolean): 'completed' | 'entered-in-error' {
  return withdrawn && noticeCode(kind, true) === kind ? 'entered-in-error' : 'completed';
}

/** The act of telling: one per notice and recipient (architecture 3). */
export function writeCommunication(input: NoticeInput): Communication {
  const { act, withdrawal } = input;
  const withdrawn = withdrawal !== undefined;
  const code = noticeCode(act.kind, withdrawn);
  const payload = withdrawn ? undefined : writePayload(act.content);
  return {
    resourceType: 'Communication',
    id: input.deliveryId,
    meta: metaOf(act.content.person.protection, noticeProfile(profileOf(act.kind, withdrawn), 'communication')),
    extension: communicationExtensions(input),
    identifier: [{ system: IDENTIFIER_SYSTEM.act, value: `urn:uuid:${input.actId}` }],
    ...(withdrawn ? { inResponseTo: withdrawal.ofIds.map((id) => reference('Communication', id)) } : {}),
    status: communicationStatus(act.kind, withdrawn),
    category: [{ coding: [{ system: SYSTEM.notice, code, display: NOTICE_NAMES[code] }] }],
    subject: reference('Patient', input.patientIdForParty),
    encounter: reference('Encounter', input.stayId),
    sent: writeInstant(withdrawal?.sent ?? (withdrawn ? act.ended?.sent : undefined) ?? act.sent),
    recipient: [reference('Organization', input.recipient.id)],
    sender: reference('Organization', careProviderId(input.act.content.careProvider)),
    ...(payload === undefined ? {} : { payload: [{ contentString: payload }] }),
  };
}

/** The care provider by name only, and the recipient. */
export function writeOrganizations(input: NoticeInput): Organization[] {
  const meta = metaOf(input.act.content.person.protection, PROFILE.noticeOrganization);
  return [
    {
      resourceType: 'Organization',
      id: careProviderId(input.act.content.careProvider),
      meta,
      name: input.act.content.careProvider,
    },
    { resourceType: 'Organization', id: input.recipient.id, meta, name: input.recipient.name },
  ];
}

/** Id of the party that a Communication is to. */
export function recipientOf(communication: Communication): string | undefined {
  return idIn('Organization', communication.recipient?.[0]);
}
