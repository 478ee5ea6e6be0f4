import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCounty } from '#libs/county';
import { topicDefinitions, topicNames } from '#libs/messaging';
import { APP_LOGINS, grantsOf } from '../../deploy/embedded/kafka-grants.ts';
import { READERS } from '../../apps/translator/src/translate-record.ts';

type Json = Readonly<Record<string, unknown>>;

/** What of a channel no code says. */
interface Channel {
  readonly key: string;
  /** Address of the topic, with its parameter. */
  readonly address: string;
  readonly description: string;
  readonly recordKey: 'spread' | 'stay' | 'replica' | 'any' | 'random';
  readonly message?: { readonly name: string; readonly payload?: string; readonly contentType?: string };
}

const FHIR = 'application/fhir+json';
const JSON_TYPE = 'application/json';
const of = (name: string, contentType = FHIR) => ({ name, payload: `topics/${name}.json`, contentType });

const CHANNELS: readonly Channel[] = [
  {
    ...{ key: 'inbound', address: 'inbound', recordKey: 'spread', message: { name: 'bytes' } },
    description: `What senders and parties sent, as it came; the header \`kind\` says what the bytes are: ${[...READERS.keys()].join(', ')}.`,
  },
  {
    ...{ key: 'uptime', address: 'uptime', recordKey: 'replica', message: of('uptime', JSON_TYPE) },
    description: 'A beat a second of each ingress.',
  },
  {
    ...{ key: 'answers', address: 'answers', recordKey: 'any', message: of('answers', JSON_TYPE) },
    description: 'Application answers that are due to senders in enhanced mode, and that they were given.',
  },
  {
    ...{ key: 'events', address: 'events', recordKey: 'spread', message: of('events') },
    description: 'What a message says: of a stay, of a person, for the planning, or of a call beside the hub.',
  },
  {
    ...{ key: 'stays', address: 'stays', recordKey: 'stay', message: of('stays', JSON_TYPE) },
    description: 'How each stay looks to its sender, and who was told why.',
  },
  {
    ...{ key: 'rejected', address: 'rejected', recordKey: 'spread', message: of('rejected', JSON_TYPE) },
    description: 'What could not be translated or applied.',
  },
  {
    ...{ key: 'deliveries', address: 'deliveries.{party}', recordKey: 'stay', message: of('deliveries') },
    description: 'Notices to one party, and what others say to it.',
  },
  {
    ...{ key: 'receipts', address: 'receipts', recordKey: 'stay', message: of('receipts') },
    description: 'Notices that are there.',
  },
  {
    ...{ key: 'receiptsOfSender', address: 'receipts.{sender}', recordKey: 'stay', message: of('receipts') },
    description: 'The receipts of one sender’s notices.',
  },
  {
    ...{ key: 'replies', address: 'replies.{party}', recordKey: 'any' },
    message: { name: 'reply', payload: 'forms/reply.json', contentType: JSON_TYPE },
    description: 'What a party answers. No header is asked for.',
  },
  {
    ...{ key: 'tasks', address: 'tasks', recordKey: 'stay', message: of('tasks') },
    description: 'Duties of persons.',
  },
  {
    ...{ key: 'deviations', address: 'deviations', recordKey: 'stay', message: of('deviations') },
    description: 'All deviations.',
  },
  {
    ...{ key: 'deviationsOfParty', address: 'deviations.{party}', recordKey: 'stay' },
    message: of('deviations-of-party'),
    description:
      'The deviations attributed to one party, and its duties: to answer a case, or the warning ahead of a deadline.',
  },
  {
    ...{
      key: 'deviationFeed',
      address: 'deviation-feed',
      recordKey: 'random',
      message: of('deviation-feed', JSON_TYPE),
    },
    description: 'Deviations without identity, for follow-up.',
  },
];

const PARAMETERS: Json = {
  party: {
    description: 'The municipality’s code (0184), a district board (0180-jarva), or the HSA-id of any other party.',
  },
  sender: { description: 'The id of the sender’s agreement.' },
};

const DAY = 86_400_000;

/**
 * schemas/asyncapi.json, freshly made: the topics, their partitions and how long they are kept are those that the code makes,
 * and who writes and reads them is who the embedded broker lets. Errors: a topic of the code that is described nowhere.
 */
export function asyncApi(): Json {
  const county = loadCounty(join('deploy', 'county'));
  const names = topicNames();
  const [party = '', sender = ''] = [county.partyIds()[0], county.senderIds()[0]];
  const topics = topicDefinitions(names, { parties: [party], senders: [sender], embedded: false });
  const grants = grantsOf(county, '');
  const addressOf = (topic: string) => topic.replace(`.${party}`, '.{party}').replace(`.${sender}`, '.{sender}');
  const undescribed = topics.filter(({ name }) => !CHANNELS.some(({ address }) => address === addressOf(name)));
  if (undescribed.length > 0) throw new Error(`not described: ${undescribed.map(({ name }) => name).join(', ')}`);
  const channels = CHANNELS.map((channel) => {
    const topic = topics.find(({ name }) => addressOf(name) === channel.address);
    if (topic === undefined) throw new Error(`${channel.address} is no topic`);
    const may = (operation: 'read' | 'write') => [
      ...new Set(
        grants
          .filter((grant) => grant.resource === 'topic' && grant.operation === operation)
          .filter(({ name, prefixed }) => (prefixed ? topic.name.startsWith(name) : topic.name === name))
          .map(({ login }) => whoIs(login, party, sender))
          .filter((login) => login !== undefined),
      ),
    ];
    return [channel.key, channelOf(channel, topic, may)] as const;
  });
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Bryggan',
      version: '1.0.0',
      description:
        'Made from the code by `npm run documents`. Every topic may have the installation’s prefix. A topic may hold a record ' +
        'twice with the same header `id`: drop by id; order is that of first appearance. Keys say nothing of a person: `spread` ' +
        'is an HMAC of sender and visit, `stay` the hub’s own id of a stay.',
    },
    defaultContentType: FHIR,
    channels: Object.fromEntries(channels),
    components: { parameters: PARAMETERS, messages: messages() },
  };
}

/** An app, or the one that the topic is of; every other login is somebody whom the page has no name for. */
function whoIs(login: string, party: string, sender: string): string | undefined {
  if (APP_LOGINS.includes(login)) return login;
  if (login === party) return 'that party';
  if (login === `sender:${sender}`) return 'that sender';
  return login === 'hub' ? undefined : login;
}

function channelOf(
  { address, description, recordKey, message }: Channel,
  { partitions, configs }: { readonly partitions: number; readonly configs: Readonly<Record<string, string>> },
  may: (operation: 'read' | 'write') => string[],
): Json {
  const parameter = /\{(\w+)\}/.exec(address)?.[1];
  const isCompacted = configs['cleanup.policy'] === 'compact';
  return {
    address,
    description,
    ...(parameter !== undefined && {
      parameters: { [parameter]: { $ref: `#/components/parameters/${parameter}` } },
    }),
    ...(message && { messages: { [message.name]: { $ref: `#/components/messages/${message.name}` } } }),
    bindings: {
      kafka: {
        partitions,
        topicConfiguration: {
          'cleanup.policy': [configs['cleanup.policy']],
          ...(!isCompacted && { 'retention.ms': Number(configs['retention.ms']) }),
        },
      },
    },
    'x-record-key': recordKey,
    'x-kept-days': isCompacted ? 'the last of each key' : Number(configs['retention.ms']) / DAY,
    'x-written-by': may('write'),
    'x-read-by': may('read'),
  };
}

function messages(): Json {
  const headers = { $ref: 'topics/headers.json' };
  return Object.fromEntries(
    CHANNELS.flatMap(({ message }) => {
      if (message === undefined) return [];
      const { name, payload, contentType = 'application/octet-stream' } = message;
      // Throws where there is no such schema.
      if (payload !== undefined) readFileSync(join('schemas', payload));
      const own = payload === undefined ? {} : { payload: { $ref: payload } };
      return [[name, { contentType, ...(name !== 'reply' && { headers }), ...own }] as const];
    }),
  );
}
