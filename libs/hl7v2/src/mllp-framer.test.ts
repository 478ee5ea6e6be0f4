import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { frame, MllpFramer, unframed, type FramerEvent } from './mllp-framer.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Events in a form that a table can hold: bodies as text. */
function told(events: readonly FramerEvent[]): string[] {
  return events.map((event) => {
    if (event.kind === 'frame') return `frame ${event.body.toString('latin1')}`;
    return event.kind === 'too-large'
      ? `too-large ${event.length} ${event.head.toString('latin1')}`
      : `${event.kind} ${event.length}`;
  });
}

function run(chunks: readonly Buffer[], largestFrame = 100): string[] {
  const framer = new MllpFramer({ largestFrame });
  const events = chunks.flatMap((chunk) => framer.push(chunk));
  return told([...events, ...framer.end()]);
}

function oneByOne(stream: Buffer): Buffer[] {
  return Array.from(stream, (byte) => Buffer.from([byte]));
}

const CASES: readonly [name: string, stream: string, expected: string[]][] = [
  ['one frame', '\x0bMSH|a\x1c\r', ['frame MSH|a']],
  ['two frames in one chunk', '\x0bMSH|a\x1c\r\x0bMSH|b\x1c\r', ['frame MSH|a', 'frame MSH|b']],
  ['an empty frame', '\x0b\x1c\r', ['frame ']],
  ['CR and LF between frames are no noise', '\r\n\x0ba\x1c\r\r\n\n\x0bb\x1c\r\n', ['frame a', 'frame b']],
  [
    'noise before, between and after',
    'xx\x0ba\x1c\ryyy\r\x0bb\x1c\rz',
    ['noise 2', 'frame a', 'noise 3', 'frame b', 'noise 1'],
  ],
  ['FS in a body', '\x0ba\x1cb\x1c\r', ['frame a\x1cb']],
  ['FS FS CR', '\x0ba\x1c\x1c\r', ['frame a\x1c']],
  ['FS LF does not end a frame', '\x0ba\x1c\nb\x1c\r', ['frame a\x1c\nb']],
  ['the CR forgotten before the next frame', '\x0ba\x1c\x0bb\x1c\r', ['frame a', 'frame b']],
  ['the CR forgotten at the end', '\x0ba\x1c', ['frame a']],
  ['LF for CR before the next frame', '\x0ba\x1c\n\x0bb\x1c\r', ['frame a', 'frame b']],
  ['LF for CR at the end', '\x0ba\x1c\n', ['frame a']],
  ['VT in a text', '\x0bMSH|a\x0bb\x1c\r', ['frame MSH|a\x0bb']],
  ['VT and half a restart in a text', '\x0bMSH|a\x0bMSx\x0bM\x1c\r', ['frame MSH|a\x0bMSx\x0bM']],
  ['a sender that began anew', '\x0bMSH|half\x0bMSH|whole\x1c\r', ['abandoned 8', 'frame MSH|whole']],
  ['VT twice', '\x0b\x0bMSH|a\x1c\r', ['abandoned 0', 'frame MSH|a']],
  ['framed twice', '\x0b\x0bMSH|a\x1c\r\x1c\r', ['abandoned 0', 'frame MSH|a', 'noise 1']],
  ['a connection closed within a frame', '\x0bMSH|half', ['abandoned 8']],
  ['a connection closed after VT MS', '\x0bab\x0bMS', ['abandoned 5']],
  ['nothing but noise', 'GET / HTTP/1.1', ['noise 14']],
  ['nothing', '', []],
];

it.each([
  ['MSH|a\r', 'MSH|a\r'],
  ['\x0bMSH|a\r\x1c\r', 'MSH|a\r'],
  ['\x0bMSH|a\r', 'MSH|a\r'],
  ['', ''],
])('unframed %j', (bytes, body) => {
  expect(unframed(Buffer.from(bytes)).toString()).toBe(body);
  expect(unframed(frame(Buffer.from(body))).toString()).toBe(body);
});

describe('MllpFramer', () => {
  it.each(CASES)('%s', (_name, stream, expected) => {
    expect(run([bytes(stream)])).toEqual(expected);
    expect(run(oneByOne(bytes(stream)))).toEqual(expected);
  });

  it('skips a frame past the limit, keeps its head, and takes the next one', () => {
    const large = `MSH|${'x'.repeat(5000)}`;
    const stream = bytes(`\x0b${large}\x1c\r\x0bMSH|b\x1c\r`);
    const expected = [`too-large ${large.length} ${large.slice(0, 2048)}`, 'frame MSH|b'];
    expect(run([stream])).toEqual(expected);
    expect(run(oneByOne(stream))).toEqual(expected);
  });

  it.each([99, 100, 101])('takes a body of %i bytes by the limit of 100', (length) => {
    const body = 'x'.repeat(length);
    const expected = length <= 100 ? [`frame ${body}`] : [`too-large 101 ${body}`];
    expect(run([frame(bytes(body))])).toEqual(expected);
    expect(run(oneByOne(frame(bytes(body))))).toEqual(expected);
  });

  it('lets a sender begin anew within a frame past the limit', () => {
    expect(run([bytes(`\x0b${'x'.repeat(300)}`), bytes('\x0bMSH|b\x1c\r')])).toEqual(['abandoned 300', 'frame MSH|b']);
  });

  it('says whether a frame is open', () => {
    const framer = new MllpFramer({ largestFrame: 100 });
    expect(framer.inFrame).toBe(false);
    framer.push(bytes('\x0bMSH'));
    expect(framer.inFrame).toBe(true);
    framer.push(bytes('|a\x1c'));
    expect(framer.inFrame).toBe(true);
    framer.push(bytes('\r'));
    expect(framer.inFrame).toBe(false);
  });

  it.each(['\x1c', '\x1c\n'])(
    'takes a frame that ends with %j when nothing follows, and passes over a late CR',
    (ending) => {
      const framer = new MllpFramer({ largestFrame: 100 });
      expect(framer.push(bytes(`\x0bMSH|a${ending}`))).toEqual([]);
      expect(framer.awaitsCr).toBe(true);
      expect(told(framer.endWait())).toEqual(['frame MSH|a']);
      expect([framer.awaitsCr, framer.inFrame, framer.endWait()]).toEqual([false, false, []]);
      expect(told(framer.push(bytes('\r\x0bMSH|b\x1c\r')))).toEqual(['frame MSH|b']);
    },
  );

  it.each(['', '\x0bMSH|a', '\x0bMSH|a\x0bMS', '\x0bMSH|a\x1cb', '\x0bMSH|a\x1c\r'])(
    'waits for no CR after %j',
    (sent) => {
      const framer = new MllpFramer({ largestFrame: 100 });
      framer.push(bytes(sent));
      expect([framer.awaitsCr, framer.endWait()]).toEqual([false, []]);
    },
  );

  it('tells a frame past the limit as such though its CR is forgotten', () => {
    const framer = new MllpFramer({ largestFrame: 3 });
    framer.push(bytes('\x0bMSH|a\x1c'));
    expect(told(framer.endWait())).toEqual(['too-large 5 MSH|a']);
  });

  it('takes one frame end, however FS and CR are cut, whatever pause lies between', () => {
    const body = fc.stringMatching(/^MSH\|[ -~]{0,20}$/);
    fc.assert(
      fc.property(
        fc.array(body, { minLength: 1, maxLength: 5 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        (bodies, cuts) => {
          const framer = new MllpFramer({ largestFrame: 100 });
          const stream = Buffer.concat(bodies.map((text) => frame(bytes(text))));
          const events = cutAt(stream, cuts).flatMap((chunk) => [...framer.push(chunk), ...framer.endWait()]);
          expect(told([...events, ...framer.end()])).toEqual(bodies.map((text) => `frame ${text}`));
        },
      ),
    );
  });

  it('says how much memory an unfinished frame takes', () => {
    const framer = new MllpFramer({ largestFrame: 10_000 });
    framer.push(bytes(`\x0b${'x'.repeat(5000)}`));
    expect(framer.gatheredBytes).toBeGreaterThanOrEqual(5000);
    framer.push(bytes('\x1c\r'));
    expect(framer.gatheredBytes).toBe(0);
    framer.push(bytes(`\x0b${'x'.repeat(50_000)}`));
    expect(framer.gatheredBytes).toBeLessThanOrEqual(4096);
  });

  it('never writes into a body it has handed out', () => {
    const framer = new MllpFramer({ largestFrame: 100 });
    const [first] = [bytes('\x0bab'), bytes('cd\x1c\r')].flatMap((chunk) => framer.push(chunk));
    [bytes('\x0bxx'), bytes('yy\x1c\r')].forEach((chunk) => framer.push(chunk));
    expect(told([first!])).toEqual(['frame abcd']);
  });

  it('gives what was sent, however the stream is cut', () => {
    const body = fc.stringMatching(/^MSH\|[ -~\r\n\xc3\xa5]{0,150}$/).map(bytes);
    const noise = fc.stringMatching(/^[ -~\r\n]{0,6}$/);
    const sent = fc.array(fc.tuple(noise, body), { maxLength: 8 });
    fc.assert(
      fc.property(sent, fc.array(fc.nat(), { maxLength: 30 }), (pairs, cuts) => {
        const stream = Buffer.concat(pairs.flatMap(([between, sentBody]) => [bytes(between), frame(sentBody)]));
        const expected = pairs.flatMap(([between, sentBody]) => {
          const length = between.replace(/[\r\n]/g, '').length;
          const text = sentBody.toString('latin1');
          return [
            ...(length > 0 ? [`noise ${length}`] : []),
            text.length <= 100 ? `frame ${text}` : `too-large ${text.length} ${text}`,
          ];
        });
        expect(run(cutAt(stream, cuts))).toEqual(expected);
      }),
    );
  });

  it('tells the same of any bytes, however they are cut', () => {
    const byte = fc.constantFrom(0x0b, 0x1c, 0x0d, 0x0a, 0x4d, 0x53, 0x48, 0x78);
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 80 }), fc.array(fc.nat(), { maxLength: 20 }), (values, cuts) => {
        const stream = Buffer.from(values);
        expect(run(cutAt(stream, cuts), 12)).toEqual(run([stream], 12));
      }),
      { numRuns: 2000 },
    );
  });
});

function cutAt(stream: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [...cuts.map((cut) => cut % (stream.length + 1)), 0, stream.length].sort((a, b) => a - b);
  return places.slice(1).map((place, index) => Buffer.from(stream.subarray(places[index], place)));
}
