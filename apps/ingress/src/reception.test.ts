import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MessagingError, type OutRecord, type RecordAck } from '#libs/messaging';
import { IdMaker, loadCounty, Metrics, silentLog, type Clock } from '#libs/platform';
import { admission } from '../test/message.ts';
import { ingressMetrics } from './ingress-metrics.ts';
import { Reception } from './reception.ts';

const NOW = Date.parse('2026-05-10T14:31:00+02:00');
const ids = new IdMaker(Buffer.alloc(32, 7));
const county = loadCounty(join(import.meta.dirname, '../../../deploy/county'));
const ACK: RecordAck = { topic: 'inbound', partition: 0, offset: 0n, timestamp: NOW };

/** A reception whose producer does what the test says, and what it was given to send. */
function reception(
  send: () => Promise<RecordAck> = () => Promise.resolve(ACK),
  clock: Clock = { driven: false, now: () => NOW },
) {
  const sent: OutRecord[] = [];
  const producer = {
    send: (record: OutRecord) => {
      sent.push(record);
      return send();
    },
  };
  const metrics = ingressMetrics(new Metrics());
  const it = new Reception({ clock, county, ids, log: silentLog, metrics, producer, topic: 'inbound' });
  const receive = async (body: Buffer) => (await it.receive({ kind: 'frame', body }))?.toString('utf8');
  return { sent, receive, tooLarge: (head: Buffer) => it.receive({ kind: 'too-large', head, length: 9e6 }) };
}

const segmentOf = (answer: string | undefined, name: string) =>
  answer?.split('\r').find((line) => line.startsWith(name));

describe('what is stored', () => {
  it('is the bytes as they came, under made ids and the sender of MSH-4', async () => {
    const { sent, receive } = reception();
    const body = admission('C-1');
    expect(segmentOf(await receive(body), 'MSA')).toBe('MSA|AA|C-1');
    expect(sent).toMatchObject([
      {
        topic: 'inbound',
        key: ids.spreadKey('SE2321000016-1000', 'V-C-1'),
        id: ids.inbound('KS', body),
        kind: 'hl7v2',
        schemaVersion: 1,
        value: body,
        extra: { sender: 'KS', 'content-type': 'x-application/hl7-v2+er7' },
      },
    ]);
    expect(sent[0]?.extra).not.toHaveProperty('intake');
    expect(sent[0]?.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  });

  it("has the hub's time under a driven clock", async () => {
    const { sent, receive } = reception(undefined, { driven: true, now: () => NOW });
    await receive(admission('C-1'));
    expect(sent[0]?.extra?.intake).toBe('2026-05-10T12:31:00.000Z');
  });

  it('is the same twice for the same bytes, with the same answer', async () => {
    const { sent, receive } = reception();
    const answers = [await receive(admission('C-1')), await receive(admission('C-1'))];
    expect(answers.map((answer) => segmentOf(answer, 'MSA'))).toEqual(['MSA|AA|C-1', 'MSA|AA|C-1']);
    expect(sent[1]?.id).toBe(sent[0]?.id);
  });

  it('holds no identity in key, id or header', async () => {
    const { sent, receive } = reception();
    await receive(admission('C-1', {}, { 19: '' }));
    const { value, ...envelope } = sent[0]!;
    expect(value.toString()).toContain('191212121212');
    expect(JSON.stringify(envelope)).not.toMatch(/19121212|Tolvan/);
  });

  it.each([
    [
      'without visit id: the patient decides the key',
      admission('C-1', {}, { 19: '' }),
      admission('C-2', {}, { 19: '' }),
      true,
    ],
    ['one visit: one key', admission('C-1', {}, { 19: 'V' }), admission('C-2', {}, { 19: 'V' }), true],
    ['two visits: two keys', admission('C-1'), admission('C-2'), false],
  ])('%s', async (_, first, second, same) => {
    const { sent, receive } = reception();
    await receive(first);
    await receive(second);
    expect(sent[0]?.key === sent[1]?.key).toBe(same);
  });

  it('is also what cannot be read further: the header is enough', async () => {
    const { sent, receive } = reception();
    const body = Buffer.concat([admission('C-1'), Buffer.from([0xff, 0xfe]), Buffer.from('nonsense')]);
    expect(segmentOf(await receive(body), 'MSA')).toBe('MSA|AA|C-1');
    expect(sent[0]?.value).toEqual(body);
  });
});

describe('what is refused, with nothing stored', () => {
  it.each([
    ['no MSH', Buffer.from('PID|1'), 'AR', '100'],
    ['a batch', Buffer.from('FHS|^~\\&|'), 'AR', '200'],
    ['an unknown sender', admission('C-1', { 4: 'NOBODY' }), 'AR', '204'],
    ['no sender', admission('C-1', { 4: '' }), 'AR', '204'],
    ['another type', admission('C-1', { 9: 'ORU^R01' }), 'AR', '200'],
    ['another trigger', admission('C-1', { 9: 'ADT^A40' }), 'AR', '201'],
    ['a test message in production', admission('C-1', { 11: 'T' }), 'AR', '202'],
    ['no processing id', admission('C-1', { 11: '' }), 'AR', '101'],
    ['no control id', admission('', { 10: '' }), 'AR', '101'],
  ])('%s', async (_, body, code, condition) => {
    const { sent, receive } = reception();
    const answer = await receive(body);
    expect(segmentOf(answer, 'MSA')).toMatch(new RegExp(`^MSA\\|${code}`));
    expect(segmentOf(answer, 'ERR')).toMatch(new RegExp(`^ERR\\|\\|[^|]*\\|${condition}\\^.*\\|E\\|BRY-1\\d{3}`));
    expect(sent).toEqual([]);
  });

  it('says where', async () => {
    expect(segmentOf(await reception().receive(admission('C-1', { 9: 'ADT^A40' })), 'ERR')).toContain(
      '|MSH^1^9^1^2|201^',
    );
  });

  it('a frame past the limit is told apart by what was kept of it', async () => {
    const { sent, tooLarge } = reception();
    const answer = await tooLarge(admission('C-9').subarray(0, 120));
    expect(segmentOf(answer?.toString(), 'MSA')).toBe('MSA|AR|C-9');
    expect(sent).toEqual([]);
  });

  it('an agreement that is not yet, or no more, in force', async () => {
    const { receive } = reception(undefined, { driven: true, now: () => Date.parse('2017-12-31T12:00:00Z') });
    expect(segmentOf(await receive(admission('C-1')), 'MSA')).toBe('MSA|AR|C-1');
  });
});

describe('storage decides the answer', () => {
  it('no answer before the record is stored', async () => {
    const gate = Promise.withResolvers<RecordAck>();
    const { sent, receive } = reception(() => gate.promise);
    let answered = false;
    const answer = receive(admission('C-1')).finally(() => (answered = true));
    await new Promise(setImmediate);
    expect([sent.length, answered]).toEqual([1, false]);
    gate.resolve(ACK);
    expect(segmentOf(await answer, 'MSA')).toBe('MSA|AA|C-1');
  });

  it.each([
    ['unavailable', 'AE', '207'],
    ['refused', 'AE', '207'],
    ['too-large', 'AR', '102'],
  ] as const)('%s', async (code, expected, condition) => {
    const { receive } = reception(() => Promise.reject(new MessagingError(code, 'test')));
    const answer = await receive(admission('C-1'));
    expect(segmentOf(answer, 'MSA')).toBe(`MSA|${expected}|C-1`);
    expect(segmentOf(answer, 'ERR')).toContain(`|${condition}^`);
  });

  it('a bug of ours is "send again" too', async () => {
    const { receive } = reception(() => Promise.reject(new TypeError('bug')));
    expect(segmentOf(await receive(admission('C-1')), 'MSA')).toBe('MSA|AE|C-1');
  });
});

describe('enhanced mode answers when MSH-15 says so', () => {
  const ok = () => reception();
  const away = () => reception(() => Promise.reject(new MessagingError('unavailable', 'test')));

  it.each([
    ['AL', ok, 'CA'],
    ['AL', away, 'CE'],
    ['SU', ok, 'CA'],
    ['SU', away, undefined],
    ['ER', ok, undefined],
    ['ER', away, 'CE'],
    ['NE', ok, undefined],
    ['NE', away, undefined],
  ])('%s', async (accept, made, expected) => {
    const { receive, sent } = made();
    const answer = await receive(admission('C-1', { 15: accept, 16: 'NE' }));
    expect(segmentOf(answer, 'MSA')).toBe(expected && `MSA|${expected}|C-1`);
    expect(sent).toHaveLength(1);
  });

  it('CR for what is refused', async () => {
    const answer = await reception().receive(admission('C-1', { 4: 'NOBODY', 15: 'AL' }));
    expect(segmentOf(answer, 'MSA')).toBe('MSA|CR|C-1');
  });
});
