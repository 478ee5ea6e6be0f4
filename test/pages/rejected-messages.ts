import { randomUUID } from 'node:crypto';
import { connectKafka, GroupCommitProducer } from '#libs/messaging';
import { silentLog } from '#libs/platform';
import type { HospitalId } from '../../apps/simulator/src/county/hospitals.ts';
import type { TestHub } from '../hub/test-hub.ts';
import { bedAt, Ward } from '../hub/ward.ts';

/** A message without its visit id: it is rejected, for the hub cannot tell which stay it is of. */
export function unreadable(visit: string, at: number, sender: HospitalId = 'KS'): Buffer {
  const text = new Ward(visit, bedAt(at, { sender }))
    .message('A01', at, { facts: [{ code: 'NEED', value: ['SOC'] }] })
    .toString();
  return Buffer.from(
    text
      .split('\r')
      .map((line) => (line.startsWith('PV1|') ? line.replace(visit, '') : line))
      .join('\r'),
  );
}

/** A segment with one of its fields as it should be. */
export function inField(segment: string, field: number, value: string): string {
  const fields = segment.split('|');
  return Array.from({ length: Math.max(fields.length, field + 1) }, (_, at) =>
    at === field ? value : (fields[at] ?? ''),
  ).join('|');
}

/** Puts on `events` what no app of the hub writes: an event that the router cannot apply, and sets aside. */
export async function saidByNobody(hub: TestHub): Promise<void> {
  const kafka = connectKafka({ brokers: [...hub.brokers], clientId: 'poison', log: silentLog });
  const producer = new GroupCommitProducer({ kafka, log: silentLog });
  const [id, traceparent] = [randomUUID(), '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'];
  const of = { topic: hub.topics.events, kind: 'event', schemaVersion: 1, traceparent };
  await producer.send({ ...of, key: id, id, value: '{}' });
  await producer.stop();
  await kafka.close();
}
