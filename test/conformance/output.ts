import { object, list, text, type Json } from '../../apps/simulator/src/hub/hub-client.ts';
import type { InRecord, TopicNames } from '#libs/messaging';
import { distinct } from '../hub/log-reader.ts';
import type { Outcome } from '../hub/outcome.ts';
import type { TestHub } from '../hub/test-hub.ts';
import { breachesOf, headerBreaches } from './contracts.ts';
import type { Named } from './validator.ts';

/** What a hub has let out, and the addresses that stand in it. */
export interface Output {
  readonly resources: readonly Named[];
  readonly links: readonly string[];
}

/** All FHIR on its topics, each record once. The name tells the topic and the id. */
export function resourcesOnTopics(outcome: Outcome, hub: TestHub): Named[] {
  // The feed outside has rows of its own form, judged by its contract.
  const { inbound, uptime, answers, deviationFeed } = hub.topics;
  const others = [inbound, uptime, answers, deviationFeed];
  const said = distinct(outcome.records.filter(({ topic }) => !others.includes(topic)));
  return said.flatMap((record) =>
    resourcesIn(record, hub.topics).map((resource) => ({ name: nameOf(record, hub), resource })),
  );
}

/**
 * Of resources that differ in nothing but ids and instants the first: a validator says the same of all of them.
 * Which ids of one resource are the same is kept, or a reference that leads nowhere would be taken for one that leads somewhere.
 */
export function distinctInForm(resources: readonly Named[]): Named[] {
  const byForm = new Map<string, Named>();
  for (const one of resources) {
    const ids = new Map<string, string>();
    const form = JSON.stringify(one.resource)
      .replace(UUID, (id) => ids.get(id) ?? ids.set(id, `#${ids.size}`).get(id)!)
      .replace(INSTANT, 'T');
    if (!byForm.has(form)) byForm.set(form, one);
  }
  return [...byForm.values()];
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?/g;

/** What is not as the contract has it of the headers and, but for bytes as they came, of the values; each with its topic and id. */
export function contractBreaches(records: readonly InRecord[], hub: TestHub): string[] {
  return records.flatMap((record) => {
    const { headers, topic, value } = record;
    const isOurs = topic !== hub.topics.inbound;
    const inValue = isOurs ? breachesOf(contractTopic(topic, hub), JSON.parse(value.toString())) : [];
    const breaches = [...headerBreaches(headers).map((breach) => `header ${breach}`), ...inValue];
    return breaches.map((breach) => `${nameOf(record, hub)} ${breach}`);
  });
}

/** `deliveries.0184 4f…`: the topic without the prefix of this hub. */
function nameOf(record: InRecord, hub: TestHub): string {
  return `${contractTopic(record.topic, hub)} ${record.id}`;
}

/** The name of a topic as the contract has it. */
function contractTopic(topic: string, hub: TestHub): string {
  return topic.slice(hub.topics.inbound.length - 'inbound'.length);
}

/**
 * `rejected` wraps its OperationOutcome, `stays` an Encounter and its Patient; what people say of deviation cases is no FHIR and
 * judged by its contract; every other value is the resource.
 */
function resourcesIn({ topic, kind, value }: InRecord, { rejected, stays }: TopicNames): unknown[] {
  if (kind === 'case-event') return [];
  const parsed: unknown = JSON.parse(value.toString());
  if (topic === rejected) return [object(parsed)['outcome']];
  if (topic !== stays) return [parsed];
  const { encounter, patient } = object(parsed);
  return [encounter, patient].filter((resource) => resource !== undefined);
}

const TYPES = ['Communication', 'Encounter', 'Task', 'DetectedIssue', 'Patient', 'Organization'];

/** Answers of the FHIR API to a caller: capabilities, each search page by page, one read of each type. */
export async function answersTo(caller: string, hub: TestHub): Promise<Named[]> {
  const answers: Named[] = [await answer(hub, caller, '/fhir/metadata')];
  for (const type of TYPES) {
    let path: string | undefined = `/fhir/${type}?_count=20`;
    let first: Json | undefined;
    while (path !== undefined) {
      const page = await answer(hub, caller, path);
      answers.push(page);
      first ??= object(object(list(object(page.resource)['entry'])[0])['resource']);
      path = nextOf(page.resource);
    }
    const id = text(first?.['id']);
    if (id !== undefined) answers.push(await answer(hub, caller, `/fhir/${type}/${id}`));
  }
  return answers;
}

/** Answers to callers who did something wrong: an OperationOutcome each. */
export async function refusals(hub: TestHub): Promise<Named[]> {
  const paths = [
    '/fhir/Communication/00000000-0000-4000-8000-000000000000',
    '/fhir/Communication?_count=many',
    '/fhir/Nonsense',
    '/fhir/Patient?identifier=1',
    '/fhir/Communication?category:nonsense=INS',
  ];
  const refused = await Promise.all(paths.map((path) => answer(hub, '0184', path)));
  return [
    ...refused,
    await answer(hub, 'nobody', '/fhir/Task'),
    await answer(hub, '0184', '/operations/settle', 'POST'),
  ];
}

async function answer(hub: TestHub, caller: string, path: string, method = 'GET'): Promise<Named> {
  const response = await fetch(`${hub.http}${path}`, {
    method,
    headers: { authorization: `Bearer ${hub.token(caller)}` },
  });
  const name = `${method} ${path.slice(0, 60)} by ${caller}: ${response.status}`;
  return { name, resource: await response.json() };
}

function nextOf(page: unknown): string | undefined {
  const links = list(object(page)['link']).map(object);
  return text(links.find(({ relation }) => relation === 'next')?.['url'])?.replace(/^https?:\/\/[^/]+/, '');
}

/** Every address that stands anywhere in a resource: links, references, full URLs. */
export function addressesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(addressesIn);
  return Object.entries(object(value)).flatMap(([name, inner]) =>
    typeof inner === 'string' && ADDRESSES.has(name) ? [inner] : addressesIn(inner),
  );
}

const ADDRESSES = new Set(['url', 'fullUrl', 'reference', 'endpoint', 'location', 'profile']);
