import { senderCaller, type County } from '#libs/county';

/*
 * Who may do what on the embedded Kafka (contract 2). What is not granted here is refused: the broker has no other rule.
 * A topic is named without the installation's prefix; one that ends in `.*` stands for that kind of all parties or senders.
 */

/** One right of one login. */
export interface Grant {
  readonly login: string;
  readonly resource: 'topic' | 'group';
  readonly name: string;
  /** The right holds for every name that begins so. */
  readonly prefixed: boolean;
  readonly operation: 'read' | 'write' | 'describe' | 'create';
}

interface Service {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
  /** Its consumer groups; one that ends in `.*` stands for all that begin so. */
  readonly groups: readonly string[];
  /** Groups of others whose committed offsets it asks for. */
  readonly looksAt?: readonly string[];
}

/** What the translator itself wrote, and reads when it reads a message anew. */
const REPLAYED = ['events', 'rejected'];

/** The apps as they run alone. Only the router writes deliveries: whatever else could would pass the secrecy border by it. */
const APPS: Readonly<Record<string, Service>> = {
  ingress: {
    reads: ['replies.*', 'answers'],
    writes: ['inbound', 'uptime', 'answers'],
    groups: ['ingress-replies', 'answers.ingress-answers.*'],
  },
  translator: {
    // `events` and `rejected`: a replay asks what of a message lies there (apps/translator/src/replay).
    reads: ['inbound', ...REPLAYED],
    writes: ['events', 'rejected', 'answers'],
    groups: ['translator', ...['inbound', ...REPLAYED].map((topic) => `${topic}.replay.*`)],
  },
  router: {
    reads: ['events'],
    // `inbound`: what an operator decides, and that another directory concerns a stay.
    writes: ['inbound', 'deliveries.*', 'stays', 'tasks', 'rejected'],
    groups: ['router'],
  },
  dispatcher: { reads: ['deliveries.*'], writes: ['receipts', 'receipts.*'], groups: ['dispatcher'] },
  watcher: {
    reads: ['events', 'rejected', 'uptime', 'receipts'],
    // `inbound`: what people report, and do in a case.
    writes: ['inbound', 'tasks', 'deviations', 'deviations.*', 'deviation-feed'],
    groups: ['watcher'],
    // The watermark asks how far the translator has come (architecture 7).
    looksAt: ['translator'],
  },
  portal: {
    // `inbound`: one message at a time that was not taken, for the operator's page, which asks why.
    reads: ['deliveries.*', 'deviations.*', 'stays', 'receipts', 'tasks', 'deviations', 'rejected', 'inbound'],
    writes: [],
    groups: ['portal-party', 'portal-hub', 'inbound.look.*'],
  },
};

const all = (what: (app: Service) => readonly string[]): string[] => [...new Set(Object.values(APPS).flatMap(what))];

/** All apps in one process: what they may together. */
const HUB: Service = {
  reads: all(({ reads }) => reads),
  writes: all(({ writes }) => writes),
  groups: all(({ groups }) => groups),
};

const SERVICES: Readonly<Record<string, Service>> = { hub: HUB, ...APPS };

/** The logins of the services: the whole hub, and each app alone. */
export const SERVICE_LOGINS: readonly string[] = Object.keys(SERVICES);
export const APP_LOGINS: readonly string[] = Object.keys(APPS);

/** Each app makes the topics that are missing when it starts, so it sees all names and may make all of ours. */
const TOPICS = [...new Set([...HUB.writes, ...HUB.reads, 'replies.*'])];

/** @returns the names of the people's logins: every party, every sender, every observer of the county */
export function callerLogins(county: Pick<County, 'partyIds' | 'senderIds' | 'callers'>): string[] {
  return [...county.partyIds(), ...county.senderIds().map(senderCaller), ...observersOf(county)];
}

/**
 * @param topicPrefix of every topic and of the services' groups (contract 1), usually empty
 * @returns all rights that the broker has to give, each once
 */
export function grantsOf(
  county: Pick<County, 'partyIds' | 'senderIds' | 'callers'>,
  topicPrefix: string,
): readonly Grant[] {
  const topic = (login: string, pattern: string, operation: Grant['operation']): Grant => {
    const prefixed = pattern.endsWith('.*');
    const name = `${topicPrefix}${prefixed ? pattern.slice(0, -1) : pattern}`;
    return { login, resource: 'topic', name, prefixed, operation };
  };
  const services = Object.entries(SERVICES).flatMap(([login, { reads, writes, groups, looksAt = [] }]) => [
    ...TOPICS.flatMap((name) => [topic(login, name, 'describe'), topic(login, name, 'create')]),
    ...reads.map((name) => topic(login, name, 'read')),
    ...writes.map((name) => topic(login, name, 'write')),
    ...groups.map((name) => {
      const prefixed = name.endsWith('.*');
      return group(login, `${topicPrefix}${prefixed ? name.slice(0, -1) : name}`, prefixed, 'read');
    }),
    ...looksAt.map((name) => group(login, `${topicPrefix}${name}`, false, 'describe')),
  ]);
  const parties = county
    .partyIds()
    .flatMap((id) => [
      ...ownGroups(id),
      topic(id, `deliveries.${id}`, 'read'),
      topic(id, `deviations.${id}`, 'read'),
      topic(id, `replies.${id}`, 'write'),
    ]);
  const senders = county
    .senderIds()
    .flatMap((id) => [...ownGroups(senderCaller(id)), topic(senderCaller(id), `receipts.${id}`, 'read')]);
  const observers = observersOf(county).flatMap((name) => [...ownGroups(name), topic(name, 'deviation-feed', 'read')]);
  return [...services, ...parties, ...senders, ...observers];
}

function observersOf(county: Pick<County, 'callers'>): string[] {
  return county
    .callers()
    .filter(({ roles }) => roles.includes('observer'))
    .map(({ name }) => name);
}

/**
 * Its name, and whatever begins with its name and a dot. Without the dot the groups of `0180-jarva` would be those of a
 * party `0180` too, which could take its partitions away.
 */
function ownGroups(login: string): Grant[] {
  return [group(login, login, false, 'read'), group(login, `${login}.`, true, 'read')];
}

function group(login: string, name: string, prefixed: boolean, operation: Grant['operation']): Grant {
  return { login, resource: 'group', name, prefixed, operation };
}
