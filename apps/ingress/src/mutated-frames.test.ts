import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { isAcknowledgement, readHeader } from '#libs/hl7v2';
import type { OutRecord, RecordAck } from '#libs/messaging';
import { loadCounty } from '#libs/county';
import { CountedLog, IdMaker, Metrics, silentLog } from '#libs/platform';
import { drawn } from '../../../test/hub/random.ts';
import { admission } from '../test/message.ts';
import { MutatedMessages } from '../test/mutated-messages.ts';
import { Sender } from '../test/sender.ts';
import { Answers } from './answers.ts';
import { BytesInFlight, ReadTurns } from './bytes-in-flight.ts';
import { PLAIN } from './door.ts';
import { ingressMetrics } from './ingress-metrics.ts';
import { IntakeStamp } from './intake-stamp.ts';
import { MllpConnection } from './mllp-connection.ts';
import { Reception } from './reception.ts';

const FRAMES = 4000;
const county = loadCounty(join(import.meta.dirname, '../../../deploy/county'));

it('answers each of thousands of mutated messages once, in order, in one frame, and stores what it accepts', async () => {
  const stored: OutRecord[] = [];
  const producer = {
    send: (record: OutRecord): Promise<RecordAck> => {
      stored.push(record);
      return Promise.resolve({ topic: 'inbound', partition: 0, offset: 0n, timestamp: 0 });
    },
  };
  const clock = { driven: false, now: () => Date.parse('2026-05-10T12:00:00Z') };
  const reception = new Reception({
    ...{
      answers: new Answers(clock),
      clock,
      county,
      producer,
      ids: new IdMaker(Buffer.alloc(32, 7)),
      topic: 'inbound',
      log: silentLog,
    },
    counted: new CountedLog(silentLog, 1e6),
    intakeStamp: new IntakeStamp(),
    metrics: ingressMetrics(new Metrics()),
  });
  const nothing = (): undefined => undefined;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection: MllpConnection = new MllpConnection(socket, {
      limits: { largestFrame: 100_000, maxInFlight: 64, idleMillis: 0, endWaitMillis: 60_000, drainMillis: 60_000 },
      bytesInFlight: new BytesInFlight(64e6, nothing),
      readTurns: new ReadTurns(),
      held: false,
      receive: (received) => reception.receive(received, { origin: PLAIN, receiver: connection }),
      events: { lost: nothing, bareEnd: nothing, gathered: nothing, ended: nothing, closed: nothing },
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sender = new Sender((server.address() as AddressInfo).port);
  const mutated = new MutatedMessages(drawn(20_260_510));
  const bodies = Array.from({ length: FRAMES }, (_, n) => mutated.next(n));
  // After each a plain one: its answer closes the account of the mutated one.
  for (const [n, body] of bodies.entries()) sender.send(body, admission(`PLAIN-${n}`));
  sender.socket.end();
  await sender.closed();
  server.close();

  const groups: string[][] = [[]];
  for (const answer of sender.answers) {
    const controlId = answer.text('MSA', 2) ?? '';
    if (controlId.startsWith('PLAIN-')) {
      expect([answer.text('MSA', 1), controlId]).toEqual(['AA', `PLAIN-${groups.length - 1}`]);
      groups.push([]);
    } else groups.at(-1)?.push(answer.text('MSA', 1) ?? '');
  }
  expect(groups).toHaveLength(FRAMES + 1);
  const taken = new Set(stored.map(({ value }) => Buffer.from(value).toString('latin1')));
  for (const [n, body] of bodies.entries()) {
    const read = readHeader(body);
    const header = read.ok ? read.value : undefined;
    const plain = !header || `${header.acceptAcknowledgement}${header.applicationAcknowledgement}` === '';
    if (isAcknowledgement(body, header)) expect(groups[n]).toEqual([]);
    else if (plain) expect(groups[n]).toHaveLength(1);
    else expect(['', 'AA', 'AR', 'CA', 'CR']).toContain(groups[n]?.join(' '));
    if (/[AC]A/.test(groups[n]?.join(' ') ?? '')) expect(taken.has(body.toString('latin1'))).toBe(true);
  }
  const codes = new Set(groups.flat());
  expect([...codes].sort()).toEqual(['AA', 'AR', 'CA', 'CR']);
});
