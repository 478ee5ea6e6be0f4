import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { encodeCharset, readHeader } from '#libs/hl7v2';
import { MessagingError, type OutRecord, type RecordAck } from '#libs/messaging';
import { loadCounty, type Agreement } from '#libs/county';
import { type Clock, CountedLog, ERRORS, fault, IdMaker, Metrics, silentLog } from '#libs/platform';
import { admission } from '../test/message.ts';
import { Answers } from './answers.ts';
import { ingressMetrics } from './ingress-metrics.ts';
import { IntakeStamp } from './intake-stamp.ts';
import { examine, PLAIN, type Origin } from './door.ts';
import { Reception, type Came } from './reception.ts';

const NOW = Date.parse('2026-05-10T14:31:00+02:00');
const ids = new IdMaker(Buffer.alloc(32, 7));
const county = loadCounty(join(import.meta.dirname, '../../../deploy/county'));
const NO_RECEIVER = { answerLater: () => Promise.resolve(false) };
const ACK: RecordAck = { topic: 'inbound', partition: 0, offset: 0n, timestamp: NOW };

/** A reception whose producer does what the test says, and what it was given to send. */
function reception(
  send: () => Promise<RecordAck> = () => Promise.resolve(ACK),
  clock: Clock = { driven: false, now: () => NOW },
  came: Came = { origin: PLAIN, receiver: NO_RECEIVER },
) {
  const sent: OutRecord[] = [];
  const producer = {
    send: (record: OutRecord) => {
      sent.push(record);
      return send();
    },
  };
  const metrics = new Metrics();
  const it = new Reception({
    ...{ answers: new Answers(clock), clock, county, ids, log: silentLog, producer, topic: 'inbound' },
    counted: new CountedLog(silentLog, 1e6),
    intakeStamp: new IntakeStamp(() => NOW),
    metrics: ingressMetrics(metrics),
  });
  const answersTo = async (body: Buffer) => (await it.receive({ kind: 'frame', body }, came)).answers;
  const receive = async (body: Buffer) => (await answersTo(body))[0]?.toString('utf8');
  const tooLarge = async (head: Buffer) => (await it.receive({ kind: 'too-large', head, length: 9e6 }, came)).answers;
  return { sent, receive, answersTo, tooLarge, metrics, it };
}

const readHeaderId = (value: Buffer | string) => {
  const header = readHeader(Buffer.from(value));
  return header.ok ? header.value.controlId : undefined;
};
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
        extra: { sender: 'KS', 'content-type': 'x-application/hl7-v2+er7', 'intake-stamp': `${NOW}000` },
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

  it('has a stamp that grows in the order in which the frames came, whatever is stored first', async () => {
    const { sent, answersTo } = reception(() => new Promise((resolve) => setImmediate(() => resolve(ACK))));
    await Promise.all(Array.from({ length: 50 }, (_, i) => answersTo(admission(`C-${i}`))));
    const stamps = sent.map(({ extra }) => Number(extra?.['intake-stamp']));
    expect(sent.map(({ value }) => readHeaderId(value))).toEqual(sent.map((_, i) => `C-${i}`));
    expect(stamps).toEqual(stamps.map((_, i) => NOW * 1000 + i));
  });

  it('is taken though blanks pad the header, and the answer echoes them', async () => {
    const { sent, receive } = reception();
    const padded = { 4: 'KS      ', 9: 'ADT  ^A01  ^ADT_A01', 10: 'C-1   ', 11: 'P  ' };
    const answer = await receive(admission('C-1', padded));
    expect(segmentOf(answer, 'MSA')).toBe('MSA|AA|C-1   ');
    expect(segmentOf(answer, 'MSH')).toContain('|JOURNAL|KS      |');
    expect(sent[0]?.extra?.sender).toBe('KS');
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
    ['a sender named as a property', admission('C-1', { 4: 'constructor' }), 'AR', '204'],
    ['a sender named as a prototype', admission('C-1', { 4: '__proto__' }), 'AR', '204'],
    ['a trigger named as a property', admission('C-1', { 9: 'ADT^toString' }), 'AR', '201'],
    ['another type', admission('C-1', { 9: 'ORU^R01' }), 'AR', '200'],
    ['another trigger', admission('C-1', { 9: 'ADT^A99' }), 'AR', '201'],
    ['version 3', admission('C-1', { 12: '3.0' }), 'AR', '203'],
    ['a version after those that are read', admission('C-1', { 12: '3.0' }), 'AR', '203'],
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
    expect(segmentOf(await reception().receive(admission('C-1', { 9: 'ADT^A99' })), 'ERR')).toContain(
      '|MSH^1^9^1^2|201^',
    );
  });

  it('a frame past the limit is told apart by what was kept of it', async () => {
    const { sent, tooLarge } = reception();
    const answer = await tooLarge(admission('C-9').subarray(0, 120));
    expect(segmentOf(answer[0]?.toString(), 'MSA')).toBe('MSA|AR|C-9');
    expect(sent).toEqual([]);
  });

  it('an agreement that is not yet, or no more, in force', async () => {
    const { receive } = reception(undefined, { driven: true, now: () => Date.parse('2017-12-31T12:00:00Z') });
    expect(segmentOf(await receive(admission('C-1')), 'MSA')).toBe('MSA|AR|C-1');
  });
});

describe('who may speak for a sender', () => {
  const bound = { ...county.agreement('KS', '2026-05-10')!, certificates: ['ks.example', 'SE2321000016-KS'] };
  const names = (...of: string[]): Origin => ({ kind: 'certificate', names: new Set(of) });

  it.each<[string, Origin, Agreement, boolean]>([
    ['anybody where nothing binds it', PLAIN, county.agreement('KS', '2026-05-10')!, true],
    ['nobody in the clear where a certificate binds it', PLAIN, bound, false],
    ['its certificate', names('other', 'SE2321000016-KS'), bound, true],
    ["another's certificate", names('ds.example'), bound, false],
    ['a certificate that no agreement names', names('ks.example'), county.agreement('KS', '2026-05-10')!, false],
    ['its token', { kind: 'caller', name: 'sender:KS' }, bound, true],
    ["another sender's token", { kind: 'caller', name: 'sender:DS' }, bound, false],
    ["a party's token", { kind: 'caller', name: 'KS' }, county.agreement('KS', '2026-05-10')!, false],
  ])('%s', (_, origin, agreement, may) => {
    const examined = examine(admission('C-1'), { agreementOf: () => agreement }, '2026-05-10', origin);
    expect(examined.kind === 'refused' ? examined.fault : examined.kind).toEqual(
      may ? 'taken' : fault('sender-not-bound', 'MSH-4'),
    );
  });
});

it.each([
  ['nothing', '\r\n', 'BRY-1013'],
  ['XML', '<?xml version="1.0"?><ADT_A01/>', 'BRY-1014'],
  ['an archive', 'PK\x03\x04', 'BRY-1015'],
  ['another text', 'hej', 'BRY-1001'],
])('a frame of %s is told as what it is', async (_, body, code) => {
  const { sent, receive } = reception();
  const answer = await receive(Buffer.from(body));
  expect(segmentOf(answer, 'MSA')).toMatch(/^MSA\|AR/);
  expect(segmentOf(answer, 'ERR')).toContain(code);
  expect(sent).toEqual([]);
});

it.each(['A18', 'A28', 'A31', 'A34', 'A40', 'A02', 'A25'])('takes %s', (trigger) => {
  const { kind } = examine(admission('C-1', { 9: `ADT^${trigger}` }), county, '2026-05-10', PLAIN);
  expect(kind).toBe('taken');
});

it.each(['2.1', '2.3', '2.3.1', '2.5.1', '2.8', '2.8.2', '2.9', '2.4.3.52854', ''])('reads version %j', (version) => {
  expect(examine(admission('C-1', { 12: version }), county, '2026-05-10', PLAIN).kind).toBe('taken');
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
    const answer = await reception().receive(admission('C-1', { 4: 'NOBODY', 15: 'AL', 16: 'AL' }));
    expect(segmentOf(answer, 'MSA')).toBe('MSA|CR|C-1');
  });

  it.each([
    ['AL', ok, ['MSA|CA|C-1']],
    ['AL', away, ['MSA|CE|C-1']],
    ['ER', ok, ['MSA|AA|C-1']],
    ['SU', away, ['MSA|AE|C-1']],
  ])('MSH-15 %s with an application answer wanted: one of them at once,', async (accept, made, expected) => {
    const { answersTo } = made();
    const answers = (await answersTo(admission('C-1', { 15: accept, 16: 'AL' }))).map(String);
    expect(answers.map((answer) => segmentOf(answer, 'MSA'))).toEqual(expected);
    const own = answers.map((answer) => readHeaderId(answer));
    expect(new Set(own).size).toBe(own.length);
  });
});

describe('a batch', () => {
  const batch = (...parts: (Buffer | string)[]): Buffer => Buffer.concat(parts.map((part) => Buffer.from(part)));
  const codes = (answer: string | undefined) => answer?.split('\r').filter((line) => /^(MSA|BTS|FTS)/.test(line));

  it('is split: each message is stored under the id that it has alone, and answered, in order', async () => {
    const { sent, receive } = reception();
    const [first, second] = [admission('C-1'), admission('C-2', { 4: 'NOBODY' })];
    const answer = await receive(
      batch(
        'FHS|^~\\&|J|KS|HUB|REG|2026||||F-1\r',
        'BHS|^~\\&|J|KS|HUB|REG|2026||||B-1\r',
        first,
        second,
        'BTS|2\rFTS|1\r',
      ),
    );
    expect(sent.map(({ id, value }) => [id, value])).toEqual([[ids.inbound('KS', first), first]]);
    expect(codes(answer)).toEqual(['MSA|AA|C-1', 'MSA|AR|C-2', 'BTS|2', 'FTS|1']);
    expect(answer).toMatch(
      /^FHS\|\^~\\&\|HUB\|REG\|J\|KS\|[^|]+\|{5}F-1\rBHS\|\^~\\&\|HUB\|REG\|J\|KS\|[^|]+\|{5}B-1\r/,
    );
  });

  it.each([
    ['whose trailer counts another number', batch('BHS|^~\\&\r', admission('C-1'), 'BTS|2\r')],
    ['with a line that belongs to no message', batch('BHS|^~\\&\r', 'PID|1\r', admission('C-1'))],
    ['without a message', batch('BHS|^~\\&\rBTS|0\r')],
    ['of more messages than are taken', batch('BHS|^~\\&\r', 'MSH|^~\\&|\r'.repeat(1001))],
  ])('%s is refused as a whole', async (_, body) => {
    const { sent, receive } = reception();
    const answer = await receive(body);
    expect([segmentOf(answer, 'MSA'), sent]).toEqual(['MSA|AR', []]);
    expect(segmentOf(answer, 'ERR')).toContain('BRY-1008');
  });

  it('whose messages want no answer gets none', async () => {
    const { sent, answersTo } = reception();
    expect(await answersTo(batch('BHS|^~\\&\r', admission('C-1', { 15: 'NE' })))).toEqual([]);
    expect(sent).toHaveLength(1);
  });
});

describe('an answer that comes in is never answered, and counted', () => {
  const MSA = 'MSA|AR|B-1\r';

  it.each([
    ['an ACK of a known sender', `MSH|^~\\&|J|KS|||2026||ACK^A01^ACK|A-1|P|2.5.1\r${MSA}`],
    ['an ACK of a stranger', `MSH|^~\\&|J|NOBODY|||2026||ACK|A-1|P|2.5.1\r${MSA}`],
    ['an ACK in blanks and small letters', `MSH|^~\\&|J|KS|||2026||ack  |A-1|P|2.5.1\r${MSA}`],
    ['an ACK without MSA', 'MSH|^~\\&|J|KS|||2026||ACK|A-1|P|2.5.1\r'],
    ['a response of another type', `MSH|^~\\&|J|KS|||2026||ADR^A19|A-1|P|2.3\n${MSA}`],
    ['an answer without a type', `MSH|^~\\&|J|KS|||2026||||P|2.5.1\r${MSA}`],
    ['an answer whose MSH cannot be read', `MSH|^|J\r${MSA}`],
    ['an answer without MSH', MSA],
    ['a batch of answers', `BHS|^~\\&|\rMSH|^~\\&|J|KS|||2026||ACK|A-1|P|2.5.1\r${MSA}`],
    ['ACK of MLLP release 2', '\x06'],
    ['NAK of MLLP release 2', '\x15'],
  ])('%s', async (_, text) => {
    const { sent, answersTo, tooLarge, metrics } = reception();
    expect(await answersTo(Buffer.from(text))).toEqual([]);
    expect(await tooLarge(Buffer.from(text))).toEqual([]);
    expect(sent).toEqual([]);
    expect(await metrics.text()).toContain('bryggan_ingress_acknowledgements_received_total 2');
  });

  it('an ADT is none, whatever segments it has', async () => {
    const { receive } = reception();
    const body = Buffer.concat([admission('C-1'), Buffer.from(MSA)]);
    expect(segmentOf(await receive(body), 'MSA')).toBe('MSA|AA|C-1');
  });
});

describe('an answer is one frame, and bounded', () => {
  it.each([3, 4, 5, 6, 9, 10, 11, 12])('whatever MSH-%i holds', async (field) => {
    for (const content of ['A\x1c\rB', 'A\x1cB', 'A\x0bMSHB', 'A\0B', 'A\u0085B', `A${'B'.repeat(900_000)}`]) {
      for (const answer of await reception().answersTo(admission('C-1', { [field]: content, 15: 'AL', 16: 'AL' }))) {
        expect(answer.length).toBeLessThan(2000);
        expect(answer.toString('utf8').replaceAll('\r', '')).not.toMatch(/\p{Cc}/u);
      }
    }
  });

  it('in the charset of the message, with the very bytes of MSH-10', async () => {
    const { answersTo } = reception();
    const body = Buffer.from(admission('KS-Å1', { 3: 'Journal Öst', 18: '8859/1' }).toString('utf8'), 'latin1');
    expect((await answersTo(body))[0]?.toString('latin1')).toMatch(/\|Journal Öst\|KS\|.*\|8859\/1\rMSA\|AA\|KS-Å1\r$/);
  });

  it('can say every error in 8859/1', () => {
    for (const { text } of Object.values(ERRORS)) expect(encodeCharset(text, '8859/1')).toBeDefined();
  });
});
