import type { Communication, Organization, Patient } from 'fhir/r4.js';
import type { Instant, Protection } from '#libs/domain';
import { protectionOf, readNoticeBundle, type NoticeView } from '#libs/fhir';
import type { InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { rowOf } from '../view/columns.ts';
import { distinctRows } from '../view/distinct-rows.ts';
import { UnreadableRecord } from '../view/poison.queries.ts';
import { readJson } from '../view/read-json.ts';
import { withdrawCommunications, writeRows } from '../view/rows.queries.ts';
import type { NewRow } from '../view/row.ts';
import { PARTY_KEY, PARTY_SCHEMA } from './schema.ts';
import { tell, UNHEARD, type ToldStay } from './told-stay.ts';
import { toldPatient } from './told-patient.ts';
import { keepTold, protectSubjects, toldBefore, type ToldBefore } from './told.queries.ts';

/** Notices of one party, folded in memory onto what its view has. */
class PartyBatch {
  readonly rows: NewRow[] = [];
  readonly withdrawn: string[] = [];
  readonly stays = new Map<string, ToldStay>();
  readonly labels = new Map<string, Protection>();
  readonly #patients = new Map<string, { patient: Patient; isProtected: boolean }>();
  readonly #party: string;
  readonly #before: ToldBefore;
  readonly #now: Instant;
  readonly #isPublic: (organizationId: string) => boolean;

  constructor(party: string, before: ToldBefore, now: Instant, isPublic: (organizationId: string) => boolean) {
    this.#party = party;
    this.#before = before;
    this.#now = now;
    this.#isPublic = isPublic;
  }

  add(notice: NoticeView): void {
    const { stayId } = notice;
    const telling = tell(this.stays.get(stayId) ?? this.#before.stays.get(stayId) ?? UNHEARD, notice);
    if (!telling.fresh) return;
    this.stays.set(stayId, telling.stay);
    this.withdrawn.push(...telling.withdrawn);
    const protection = protectionOf(notice.patient.meta);
    if (protection !== undefined) this.labels.set(notice.patient.id ?? '', protection);
    this.#put(withStatus(notice.communication, telling.alreadyWithdrawn), protection);
    if (telling.changed) this.#put(telling.encounter, protection);
    this.#patient(notice.patient);
    for (const organization of notice.organizations) this.#organization(organization);
  }

  #patient(told: Patient): void {
    const id = told.id ?? '';
    const before = this.#patients.get(id) ?? this.#before.patients.get(id);
    const patient = toldPatient(before?.patient, told, before?.isProtected ?? false);
    const protection = protectionOf(told.meta);
    this.#patients.set(id, { patient, isProtected: protection !== undefined || before?.isProtected === true });
    this.#put(patient, protection);
  }

  /** The public directory tells the rest better, and to everyone. */
  #organization(told: Organization): void {
    if (!this.#isPublic(told.id ?? '')) this.#put({ ...told, meta: {} }, undefined);
  }

  #put(resource: Parameters<typeof rowOf>[0], protection: Protection | undefined): void {
    this.rows.push(rowOf(resource, { audience: this.#party, updatedAt: this.#now, protection }));
  }
}

const withStatus = (communication: Communication, withdrawn: boolean): Communication =>
  withdrawn ? { ...communication, status: 'entered-in-error' } : communication;

/** @throws UnreadableRecord when it is no notice, or is to another party: shown to neither */
function noticeOf(record: InRecord, party: string): NoticeView {
  const notice = readJson(record, readNoticeBundle);
  if (notice.recipient !== party) throw new UnreadableRecord('notice: recipient');
  return notice;
}

/**
 * Applies records of one topic `deliveries.<party>` to that party's view, within the batch's transaction.
 * @param now the hub's time, read under the position's lock, so that a party's times of update grow in commit order
 * @throws UnreadableRecord for a record that is no notice to this party
 */
export async function applyNotices(
  tx: Tx,
  party: string,
  records: readonly InRecord[],
  now: Instant,
  isPublic: (organizationId: string) => boolean,
): Promise<void> {
  const notices = records.map((record) => noticeOf(record, party));
  const stayIds = [...new Set(notices.map(({ stayId }) => stayId))];
  const patientIds = [...new Set(notices.map(({ patient }) => patient.id ?? ''))];
  const batch = new PartyBatch(party, await toldBefore(tx, party, stayIds, patientIds), now, isPublic);
  for (const notice of notices) batch.add(notice);
  await writeRows(tx, PARTY_SCHEMA, PARTY_KEY, distinctRows(batch.rows));
  await withdrawCommunications(tx, PARTY_SCHEMA, party, batch.withdrawn, now);
  await protectSubjects(tx, party, batch.labels, now);
  await keepTold(tx, party, batch.stays);
}
