import { createHash } from 'node:crypto';
import type { Outcome } from '../hub/outcome.ts';
import type { TestHub } from '../hub/test-hub.ts';

/** Ids that belong to a stay, as those have them who were told of it. */
export interface IdsOfStay {
  readonly stay: string;
  readonly notice: string;
  readonly patient: string;
  readonly task: string;
  readonly deviation: string;
  /** The case of a deviation. */
  readonly deviationCase: string;
}

/** Ids of a stay of which a party was told, that has a Task and a deviation with a case; what is not there is empty. */
export async function idsOfStay(stay: string, settled: Outcome, told: string, hub: TestHub): Promise<IdsOfStay> {
  const notice = settled.notices.find(({ stayId, recipient }) => stayId === stay && recipient === told);
  const headers = { authorization: `Bearer ${hub.token('operator')}` };
  const { cases } = (await (await fetch(`${hub.http}/deviation-cases`, { headers })).json()) as {
    readonly cases: readonly { readonly id: string; readonly stay?: string }[];
  };
  return {
    ...{ stay, notice: notice?.deliveryId ?? '', patient: notice?.patient.id ?? '' },
    ...{ task: settled.tasks(stay)[0]?.id ?? '', deviation: settled.deviations(stay)[0]?.id ?? '' },
    // Another stay's case is its own ward's to see.
    deviationCase: cases.find((one) => one.stay === stay)?.id ?? '',
  };
}

/** Ids of nothing. */
const NOTHING: IdsOfStay = {
  stay: '00000000-0000-4000-8000-000000000001',
  notice: '00000000-0000-4000-8000-000000000002',
  patient: '00000000-0000-4000-8000-000000000003',
  task: '00000000-0000-4000-8000-000000000004',
  deviation: '00000000-0000-4000-8000-000000000005',
  deviationCase: '00000000-0000-4000-8000-000000000006',
};

interface Request {
  readonly path: string;
  /** Where it is not POST that carries content. */
  readonly method?: 'POST' | 'PUT';
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: object;
}

const get = (path: string): Request => ({ path });

/** A decision of the operator, by its path and what it is about. */
const decides = (path: string, json: object): Request => ({
  path: `/operations/${path}`,
  json: { ...json, reason: 'x' },
});

/**
 * Every way in which a caller can ask about a stay by its ids: reads, searches, counts, includes, why, answers, own cases, cases
 * of deviations, reports, operations.
 */
const QUESTIONS: readonly ((ids: IdsOfStay) => Request)[] = [
  ({ notice }) => get(`/fhir/Communication/${notice}`),
  ({ stay }) => get(`/fhir/Encounter/${stay}`),
  ({ patient }) => get(`/fhir/Patient/${patient}`),
  ({ task }) => get(`/fhir/Task/${task}`),
  ({ deviation }) => get(`/fhir/DetectedIssue/${deviation}`),
  ({ notice }) => get(`/fhir/Communication/${notice}/$explain`),
  ({ notice }) => get(`/fhir/Communication/${notice}/$explain?party=0184`),
  ({ notice }) => get(`/fhir/Communication?_id=${notice}&_include=Communication:encounter`),
  ({ stay }) => get(`/fhir/Communication?encounter=${stay}`),
  ({ stay }) => get(`/fhir/Communication?encounter=${stay}&_summary=count`),
  ({ stay }) => get(`/fhir/Encounter?_id=${stay}&_total=accurate`),
  ({ stay }) => get(`/fhir/Task?encounter=${stay}`),
  ({ stay }) => get(`/fhir/DetectedIssue?implicated=${stay}`),
  ({ patient }) => get(`/fhir/Communication?subject=${patient}&_summary=count`),
  ({ patient }) => ({ path: '/fhir/Patient/_search', form: { _id: patient } }),
  ({ stay, notice }) => ({ path: '/replies', json: { code: 'KVI', stay, about: notice } }),
  ({ stay, notice, task }) => ({
    ...{ path: `/fhir/Task/${task}`, method: 'PUT' },
    json: {
      ...{ resourceType: 'Task', id: task, intent: 'order', status: 'rejected' },
      ...{ encounter: { reference: `Encounter/${stay}` }, focus: { reference: `Communication/${notice}` } },
      statusReason: { coding: [{ code: 'OTHER-UNIT' }] },
    },
  }),
  ({ stay }) => ({ path: '/cases', json: { stays: [stay] } }),
  ({ deviationCase }) => get(`/deviation-cases/${deviationCase}`),
  ({ deviationCase }) => ({ path: `/deviation-cases/${deviationCase}/acts`, json: { code: 'take', version: 1 } }),
  ({ stay }) => ({
    path: '/deviation-reports',
    json: { code: 'REPORT', deviation: 'UTS-01', on: '2026-05-04', consequence: 'none', consent: false, stay },
  }),
  ({ stay }) => get(`/operations/traces/${stay}`),
  ({ task }) => decides(`tasks/${task}/release`, { recipient: '0184', ground: 'CONSENT' }),
  ({ stay }) => decides(`stays/${stay}/calls`, { recipient: '0184', at: '2026-05-04T08:00:00+02:00' }),
  ({ stay }) => decides(`stays/${stay}/lift-protection`, {}),
  ({ stay }) => decides(`stays/${stay}/join-person`, { other: NOTHING.stay }),
  ({ stay }) => decides(`stays/${stay}/join-stay`, { other: NOTHING.stay }),
  ({ notice }) => decides(`decisions/${notice}/undo`, {}),
];

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Made of the bytes of the body, ids and all; the body is compared itself. */
const HASH = /W\/"[0-9a-f]+-[^"]+"/g;
const TIME = /\d{4}-\d\d-\d\dT[0-9:.+Z-]+/g;

/** What a caller sees of an answer, without the ids that it asked with and the time of asking. */
async function seen(hub: TestHub, caller: string, { path, method = 'POST', form, json }: Request): Promise<string> {
  const response = await fetch(`${hub.http}${path}`, {
    headers: {
      authorization: `Bearer ${hub.token(caller)}`,
      'x-reason': 'matris',
      ...(json && {
        'content-type': 'application/json',
        // Of two questions that differ in an id alone each is asked by itself.
        'idempotency-key': createHash('sha256')
          .update(`${caller}${path}${JSON.stringify(json)}`)
          .digest('hex')
          .slice(0, 60),
      }),
    },
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    ...(json && { method, body: JSON.stringify(json) }),
  });
  const names = ['etag', 'last-modified', 'location', 'content-type'].map((name) => response.headers.get(name) ?? '');
  const body = (await response.text()).replace(UUID, '<id>').replace(TIME, '<time>');
  return [response.status, ...names, body].join(' ').replace(UUID, '<id>').replace(HASH, '<hash>');
}

/**
 * Asks everything about a stay as a caller who was told nothing of it, and the same of ids that nothing has.
 * @returns the questions whose two answers differ, by status, header, text, count or length: each would tell that the stay is
 */
export async function leaksTo(caller: string, ids: IdsOfStay, hub: TestHub): Promise<string[]> {
  const leaks = await Promise.all(
    QUESTIONS.map(async (question) => {
      const [real, none] = await Promise.all([seen(hub, caller, question(ids)), seen(hub, caller, question(NOTHING))]);
      return real === none ? [] : [`${caller}: ${question(ids).path}: ${real.slice(0, 200)} | ${none.slice(0, 200)}`];
    }),
  );
  return leaks.flat();
}

/** Who sees a coded row of every deviation under an id of its own, and nothing of the stay (rules 12.5). */
export const OBSERVERS: readonly string[] = ['storsthlm', 'hsf'];

/** Of the ids of a stay those that stand in what an observer is shown of all deviations. */
export async function idsObserved(caller: string, ids: IdsOfStay, hub: TestHub): Promise<string[]> {
  const headers = { authorization: `Bearer ${hub.token(caller)}` };
  const paths = ['/deviation-cases', '/deviation-feed'];
  const shown = await Promise.all(paths.map(async (path) => (await fetch(`${hub.http}${path}`, { headers })).text()));
  return (Object.values(ids) as string[]).filter((id) => shown.some((text) => text.includes(id)));
}

/** How many resources of each type a caller is told that it has, and what lists it has. */
export async function countsOf(caller: string, hub: TestHub): Promise<readonly string[]> {
  const types = ['Communication', 'Encounter', 'Patient', 'Task', 'DetectedIssue'];
  const lists = ['/operations/rejected', '/operations/senders'];
  if (!OBSERVERS.includes(caller)) lists.push('/deviation-cases');
  return Promise.all(
    [...types.map((type) => `/fhir/${type}?_summary=count`), ...lists].map((path) => seen(hub, caller, get(path))),
  );
}
