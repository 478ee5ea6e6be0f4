import { Hl7Message as MedplumMessage } from '@medplum/core';
import { HL7Message as PanatesMessage } from 'hl7v2';
import { decodeCharset, parseMessage } from '#libs/hl7v2';
import type { InRecord } from '#libs/messaging';
import { IdMaker, silentLog } from '#libs/platform';
import { translateRecord } from '../../apps/translator/src/translate-record.ts';
import type { World } from './bench-world.ts';
import { WardMessages } from './ward-messages.ts';

/** Messages a second of one core; this process does nothing else meanwhile. */
export interface ParsingResult {
  readonly ours: number;
  /** By the name of the package. */
  readonly others: Readonly<Record<string, number>>;
  /** Parsed, read by the agreement, and written as FHIR. */
  readonly translated: number;
}

const MESSAGES = 600;
const ROUND_MILLIS = 500;

/** What is asked of each parser: the fields that a notice is made of. */
const FIELDS: readonly (readonly [segment: string, field: number, component: number])[] = [
  ...[['PID', 3, 1] as const, ['PID', 5, 1] as const, ['PID', 11, 1] as const, ['PID', 11, 9] as const],
  ...[['PV1', 2, 1] as const, ['PV1', 3, 4] as const, ['PV1', 19, 1] as const, ['PV1', 44, 1] as const],
  ...[['MSH', 9, 2] as const, ['MSH', 10, 1] as const, ['PD1', 3, 10] as const],
];

type Work = (bytes: Buffer) => number;

const PARSERS = {
  ours: (bytes) => {
    const decoded = decodeCharset(bytes, 'UNICODE UTF-8');
    const message = decoded.ok ? parseMessage(decoded.value.text, decoded.value.charset) : decoded;
    if (!message.ok) throw new Error('ours does not parse it');
    return FIELDS.filter(([segment, field, component]) => message.value.text(segment, field, component)).length;
  },
  '@medplum/core': (bytes) => {
    const message = MedplumMessage.parse(bytes.toString('utf8'));
    return FIELDS.filter(([name, field, component]) => message.getSegment(name)?.getComponent(field, component)).length;
  },
  hl7v2: (bytes) => {
    const message = PanatesMessage.parse(bytes.toString('utf8'));
    return FIELDS.filter(([name, field, component]) => message.getSegment(name)?.field(field).getValue(component))
      .length;
  },
} satisfies Record<string, Work>;

/** The same messages through each, in turns; the median of the rounds counts. */
export function measureParsing({ county, options, say }: Pick<World, 'county' | 'options' | 'say'>): ParsingResult {
  say('parsing ...');
  const ward = new WardMessages(county, 'PARSING', 0);
  const messages = Array.from({ length: MESSAGES }, () => ward.next());
  const ids = new IdMaker(Buffer.alloc(32, 7));
  const topics = { events: 'events', rejected: 'rejected' };
  const translated: Work = (bytes) => {
    const inbound = inboundOf(bytes, ids);
    return translateRecord(inbound, { county, ids, log: silentLog, topics }).records.length;
  };
  const works = Object.entries<Work>({ ...PARSERS, translated });
  const rates = new Map(works.map(([name]) => [name, [] as number[]]));
  // The first round warms up and is not counted.
  for (let round = 0; round <= 2 * options.rounds; round++) {
    for (const [name, work] of works) {
      const rate = rateOf(work, messages);
      if (round > 0) rates.get(name)?.push(rate);
    }
  }
  const median = (name: string): number => {
    const sorted = (rates.get(name) ?? []).toSorted((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  };
  return {
    ours: median('ours'),
    others: { '@medplum/core': median('@medplum/core'), hl7v2: median('hl7v2') },
    translated: median('translated'),
  };
}

function rateOf(work: Work, messages: readonly Buffer[]): number {
  const from = process.cpuUsage();
  const until = performance.now() + ROUND_MILLIS;
  let done = 0;
  while (performance.now() < until) {
    for (const bytes of messages) if (work(bytes) === 0) throw new Error('nothing was read');
    done += messages.length;
  }
  // Of the processor's time, since the machine is shared.
  const { user, system } = process.cpuUsage(from);
  return done / ((user + system) / 1e6);
}

function inboundOf(value: Buffer, ids: IdMaker): InRecord {
  const id = ids.inbound('KS', value);
  return {
    ...{ topic: 'inbound', partition: 0, offset: 0n, key: 'key', id, kind: 'hl7v2', schemaVersion: 1, value },
    ...{ traceparent: '', timestamp: Date.now(), headers: { id, sender: 'KS', kind: 'hl7v2' } },
  };
}

/** What was measured, in words, and whether it is good enough: at least as fast as the faster of the others. */
export function parsingRows({ ours, others, translated }: ParsingResult): [string, string, string, string, string][] {
  const rate = (perSecond: number): string => `${Math.round(perSecond)}/s`;
  const [fastest = 0] = Object.values(others).toSorted((a, b) => b - a);
  const theirs = Object.entries(others).map(([name, perSecond]) => `${name} ${rate(perSecond)}`);
  const share = `${(ours / translated).toFixed(1)} x the time of parsing`;
  return [
    [
      'parsing alone, messages a second of one core',
      rate(ours),
      theirs.join(', '),
      ours >= fastest ? 'reached' : 'missed',
      'the faster',
    ],
    ['parsed, read by the agreement and written as FHIR', rate(translated), '', share, ''],
  ];
}
