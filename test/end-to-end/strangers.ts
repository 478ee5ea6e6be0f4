import type { TestHub } from '../hub/test-hub.ts';

/** Ids that belong to a stay, as those have them who were told of it. */
export interface IdsOfStay {
  readonly stay: string;
  readonly notice: string;
  readonly patient: string;
  readonly task: string;
  readonly deviation: string;
}

/** Ids of nothing. */
const NOTHING: IdsOfStay = {
  stay: '00000000-0000-4000-8000-000000000001',
  notice: '00000000-0000-4000-8000-000000000002',
  patient: '00000000-0000-4000-8000-000000000003',
  task: '00000000-0000-4000-8000-000000000004',
  deviation: '00000000-0000-4000-8000-000000000005',
};

interface Request {
  readonly path: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: object;
}

const get = (path: string): Request => ({ path });

/** Every way in which a caller can ask about a stay by its ids: reads, searches, counts, includes, why, answers, operations. */
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
  ({ stay }) => get(`/operations/traces/${stay}`),
  ({ task }) => ({
    path: `/operations/tasks/${task}/release`,
    json: { recipient: '0184', ground: 'CONSENT', reason: 'x' },
  }),
];

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
/** Made of the bytes of the body, ids and all; the body is compared itself. */
const HASH = /W\/"[0-9a-f]+-[^"]+"/g;
const TIME = /\d{4}-\d\d-\d\dT[0-9:.+Z-]+/g;

/** What a caller sees of an answer, without the ids that it asked with and the time of asking. */
async function seen(hub: TestHub, caller: string, { path, form, json }: Request): Promise<string> {
  const response = await fetch(`${hub.http}${path}`, {
    headers: {
      authorization: `Bearer ${hub.token(caller)}`,
      'x-reason': 'matris',
      ...(json && {
        'content-type': 'application/json',
        'idempotency-key': `${caller}${path}${JSON.stringify(json)}`.slice(0, 60),
      }),
    },
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    ...(json && { method: 'POST', body: JSON.stringify(json) }),
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

/** How many resources of each type a caller is told that it has. */
export async function countsOf(caller: string, hub: TestHub): Promise<readonly string[]> {
  const types = ['Communication', 'Encounter', 'Patient', 'Task', 'DetectedIssue'];
  return Promise.all(types.map((type) => seen(hub, caller, get(`/fhir/${type}?_summary=count`))));
}
