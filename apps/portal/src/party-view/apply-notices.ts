import type { Communication, Organization, Patient } from 'fhir/r4.js';
import type { Instant, Protection } from '#libs/domain';
import { protectionOf, readNoticeBundle, type NoticeView } from '#libs/fhir';
import type { InRecord } from '#libs/messaging';
import type { Tx } from '#libs/persistence';
import { UnreadableRecord } from '#libs/platform';
import { readJson, rowOf } from '../view/columns.ts';
import { distinctRows, writeRows } from '../view/rows.queries.ts';
import type { NewRow } from '../view/row.ts';
import { PARTY_KEY, PARTY_SCHEMA } from './schema.ts';
import { tell, toldPatient, type ToldStay, UNHEARD } from './told-stay.ts';
import { keepTold, protectStays, protectSubjects, toldBefore, withdrawTold, type ToldBefore } from './told.queries.ts';

/** Notices of one party, folded in memory onto what its view has. */
class PartyBatch {
  readonly rows: NewRow[] = [];
  readonly withdrawn: string[] = [];
  readonly stays = new Map<string, ToldStay>();
  /** Labels by person, and by stay where the protection is of the visit alone (DEC-23). */
  readonly personLabels = new Map<string, Protection>();
  readonly stayLabels = new Map<string, Protection>();
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
    if (protection !== undefined) this.#label(notice, protection);
    this.#put(withStatus(notice.communication, telling.alreadyWithdrawn), protection);
    if (telling.changed) this.#put(telling.encounter, protection);
    this.#patient(notice.patient);
    for (const organization of notice.organizations) this.#organization(organization);
  }

  #label({ ofVisitAlone, stayId, patient }: NoticeView, label: Protection): void {
    if (ofVisitAlone) this.stayLabels.set(stayId, label);
    else this.personLabels.set(patient.id ?? '', label);
  }

  /** A Patient is one for all stays of a person: labelled by one of them, it is kept as the strictest says. */
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

/** A record, and the party whose topic it lies in. */
export interface Addressed {
  readonly party: string;
  readonly record: InRecord;
}

/**
 * Applies records of `deliveries.<party>`, each to the view of the party whose topic it lies in, within the transaction
 * that moves their positions. Parties share its statements and nothing else.
 * @param now the hub's time, read under the positions' locks, so that a party's times of update grow in commit order
 * @throws UnreadableRecord for a record that is no notice to this party
 */
export async function applyNotices(
  tx: Tx,
  addressed: readonly Addressed[],
  now: Instant,
  isPublic: (organizationId: string) => boolean,
): Promise<void> {
  if (addressed.length === 0) return;
  const notices = addressed.map(({ party, record }) => ({ party, notice: noticeOf(record, party) }));
  const before = await toldBefore(
    tx,
    notices.map(({ party, notice }) => ({ party, stayId: notice.stayId, patientId: notice.patient.id ?? '' })),
  );
  const batches = new Map<string, PartyBatch>();
  for (const { party, notice } of notices) {
    const batch = batches.get(party) ?? new PartyBatch(party, before(party), now, isPublic);
    batches.set(party, batch);
    batch.add(notice);
  }
  await write(tx, [...batches], now);
}

async function write(tx: Tx, batches: readonly (readonly [string, PartyBatch])[], now: Instant): Promise<void> {
  const rows = batches.flatMap(([, batch]) => distinctRows(batch.rows));
  const withdrawn = batches.flatMap(([party, batch]) => batch.withdrawn.map((id) => ({ party, id })));
  const persons = batches.flatMap(([party, batch]) =>
    [...batch.personLabels].map(([of, label]) => ({ party, of, label })),
  );
  const visits = batches.flatMap(([party, batch]) =>
    [...batch.stayLabels].map(([of, label]) => ({ party, of, label })),
  );
  const stays = batches.flatMap(([party, batch]) =>
    [...batch.stays].map(([stayId, state]) => ({ party, stayId, state })),
  );
  // Sent together; they run in this order.
  await Promise.all([
    writeRows(tx, PARTY_SCHEMA, PARTY_KEY, rows),
    withdrawTold(tx, withdrawn, now),
    protectSubjects(tx, persons, now),
    protectStays(tx, visits, now),
    keepTold(tx, stays),
  ]);
}
