import type { Bundle, Communication, Extension, FhirResource, Task, TaskOutput } from 'fhir/r4.js';
import { EXTENSION, IDENTIFIER_SYSTEM, SYSTEM } from '#libs/fhir';
import type { ReplyForm } from '#libs/forms';
import { partyMessage } from '../../../libs/fhir/definitions/incoming-message.ts';

/*
 * One reply in each form in which a party may give it. The reply as JSON is where the others start from; each is written by
 * what docs/contract.md says of it, and not by what reads it.
 */

/** Every key of a reply by name: which of them are there is its code's business. */
type Keys = Readonly<Record<string, unknown>>;

/** As a FHIR message. @param id of its MessageHeader @param earlier the message whose event `withdraws` or `replaces` names */
export function asMessage(form: ReplyForm, party: string, id: string, earlier: string): Bundle {
  const said: Keys = { ...form };
  const role = form.withdraws === undefined ? 'revision' : 'removal';
  const isLinked = form.withdraws !== undefined || form.replaces !== undefined;
  return partyMessage({
    ...{ id, code: form.code, sender: party },
    ...(form.sent !== undefined && { sent: form.sent }),
    ...(isLinked && { corrects: { role, previous: earlier } }),
    communication: communicationOf(form, said),
    more: resourcesOf(said),
  });
}

function communicationOf(form: ReplyForm, said: Keys): Partial<Communication> {
  const reason = said['reason'] ?? said['exists'] ?? said['where'] ?? said['by'] ?? stateOf(form) ?? answered(said);
  const before = said['question'] ?? said['proposal'] ?? said['plan'];
  const other = said['rightParty'] ?? said['unit'] ?? said['owner'] ?? said['recipient'];
  const text = said['text'] ?? said['desk'];
  const parties = (said['invited'] ?? said['units'] ?? []) as readonly string[];
  return {
    encounter: { reference: `Encounter/${form.stay}` },
    inResponseTo: [{ reference: `Communication/${form.about}` }],
    extension: extensionsOf(form, said),
    ...(typeof reason === 'string' && { reasonCode: [{ coding: [{ system: SYSTEM.answer, code: reason }] }] }),
    ...(typeof text === 'string' && { payload: [{ contentString: text }] }),
    ...(typeof before === 'string' && { basedOn: [{ reference: `Communication/${before}` }] }),
    ...(typeof other === 'string' && { about: [{ reference: `Organization/${other}` }] }),
    ...(parties.length > 0 && { recipient: parties.map((id) => ({ reference: `Organization/${id}` })) }),
    ...(form.answeredBy !== undefined && {
      sender: { identifier: { system: IDENTIFIER_SYSTEM.hsa, value: form.answeredBy } },
    }),
  };
}

/** A co-ordinated care plan has nothing but its state; an individual plan says its in the extension. */
const stateOf = (form: ReplyForm) => (form.code === 'SVPL' && form.withdraws === undefined ? form.state : undefined);

function answered(said: Keys): string | undefined {
  if (said['confirmed'] !== undefined) return said['confirmed'] === true ? 'confirmed' : 'appointed';
  if (said['accepted'] !== undefined) return said['accepted'] === true ? 'accepted' : 'declined';
  return undefined;
}

function extensionsOf(form: ReplyForm, said: Keys): Extension[] {
  const grounds = (form.grounds ?? []).map((code) => ({
    url: EXTENSION.disclosureBasis,
    valueCoding: { system: SYSTEM.ground, code },
  }));
  const scopes = ((said['scopes'] ?? []) as readonly string[]).map((valueCode) => ({
    url: EXTENSION.scope,
    valueCode,
  }));
  if (form.code === 'RECIPIENT' && form.withdraws === undefined)
    return [...grounds, ...homeExtensions(form.home ?? {})];
  if (form.code !== 'SIP-PLAN' || form.withdraws !== undefined) return [...grounds, ...scopes];
  const plan = {
    url: EXTENSION.plan,
    extension: [
      { url: 'state', valueCode: form.state },
      ...form.items.map((valueCode) => ({ url: 'item', valueCode })),
      { url: 'consent', valueBoolean: form.consent },
      ...form.tookPart.map((valueCode) => ({ url: 'participant', valueCode })),
      ...(form.absence === undefined ? [] : [{ url: 'absence', valueCode: form.absence }]),
    ],
  };
  return [...grounds, plan];
}

function homeExtensions(
  home: NonNullable<Extract<ReplyForm, { code: 'RECIPIENT'; recipient: string }>['home']>,
): Extension[] {
  const { awayFrom, homeFrom, unchanged, call } = home;
  return [
    ...(awayFrom === undefined ? [] : [{ url: EXTENSION.awayFrom, valueDateTime: awayFrom }]),
    ...(homeFrom === undefined ? [] : [{ url: EXTENSION.homeFrom, valueDateTime: homeFrom }]),
    ...(unchanged === undefined ? [] : [{ url: EXTENSION.measuresUnchanged, valueCode: unchanged }]),
    ...(call === undefined ? [] : [{ url: EXTENSION.whomToCall, valueString: call }]),
  ];
}

function resourcesOf(said: Keys): FhirResource[] {
  const contact = said['contact'] as { name: string; role?: string; unit?: string; telephone?: string } | undefined;
  return [
    ...(contact === undefined
      ? []
      : [
          {
            resourceType: 'PractitionerRole' as const,
            practitioner: { display: contact.name },
            ...(contact.unit !== undefined && { organization: { display: contact.unit } }),
            ...(contact.role !== undefined && { code: [{ text: contact.role }] }),
            ...(contact.telephone !== undefined && { telecom: [{ value: contact.telephone }] }),
          },
        ]),
    ...(typeof said['at'] === 'string'
      ? [{ resourceType: 'Appointment' as const, status: 'proposed' as const, start: said['at'], participant: [] }]
      : []),
  ];
}

const BY_STATUS: Readonly<Record<string, Task['status']>> = { KVI: 'accepted', PLAN: 'in-progress', RET: 'rejected' };
const OF_THE_TASK = new Set(['code', 'stay', 'about', 'sent', 'reason', 'rightParty']);

/** As an update of the Task. */
export function asTask(form: ReplyForm, id: string): Task {
  const said: Keys = { ...form };
  const { reason, rightParty } = said;
  return {
    resourceType: 'Task',
    id,
    // What is taken back has no state of its own.
    status: form.withdraws === undefined ? (BY_STATUS[form.code] ?? 'completed') : 'completed',
    intent: 'order',
    businessStatus: { coding: [{ system: SYSTEM.notice, code: form.code }] },
    encounter: { reference: `Encounter/${form.stay}` },
    focus: { reference: `Communication/${form.about}` },
    ...(form.sent !== undefined && { lastModified: form.sent }),
    ...(typeof reason === 'string' && { statusReason: { coding: [{ system: SYSTEM.answer, code: reason }] } }),
    ...(typeof rightParty === 'string' && { owner: { reference: `Organization/${rightParty}` } }),
    output: Object.entries(said).flatMap(([key, value]) => (OF_THE_TASK.has(key) ? [] : outputs(key, value))),
  };
}

function outputs(key: string, value: unknown): TaskOutput[] {
  if (Array.isArray(value)) return value.flatMap((one) => outputs(key, one));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([part, inner]) => outputs(`${key}-${part}`, inner));
  }
  const type = { coding: [{ system: SYSTEM.replyPart, code: key }] };
  return [typeof value === 'boolean' ? { type, valueBoolean: value } : { type, valueString: String(value) }];
}
