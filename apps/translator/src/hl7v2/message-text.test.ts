import { describe, expect, it } from '@jest/globals';
import { adt, type AdtParts, fact } from '../../test/adt.ts';
import { eventOf, faultsOf, findingsOf, only, read, stayEventOf, translatedOf } from '../../test/reading.ts';

/** What a message in these bytes says of the name, and what was not right in it. */
function reading(parts: AdtParts, encoding: BufferEncoding): unknown {
  const translation = read(Buffer.from(adt(parts), encoding));
  if (translation.kind === 'rejection') return 'rejected';
  const { event } = only(translation.events);
  if (!('stayId' in event)) return 'of a person';
  const { patient, findings } = event;
  return [patient.name?.family, ...findings.map(({ grade, code, place }) => `${grade} ${code}@${place}`)];
}

describe('charset (SAL-4)', () => {
  const named = (charset: string | undefined, family: string) => ({ msh: { 18: charset }, pid: { 5: family } });

  it.each<[string, string | undefined, string, BufferEncoding, unknown[]]>([
    ['8859/1 as it says', '8859/1', 'Åkesson', 'latin1', ['Åkesson']],
    ['UTF-8 as it says', 'UNICODE UTF-8', 'Åkesson', 'utf8', ['Åkesson']],
    ['nothing said, UTF-8', undefined, 'Åkesson', 'utf8', ['Åkesson']],
    ["nothing said, the agreement's", undefined, 'Åkesson', 'latin1', ['Åkesson']],
    ['8859/1 said, UTF-8', '8859/1', 'Åkesson', 'utf8', ['Åkesson', 'flagged mislabelled-charset@MSH-18']],
    ['8859/15 said, UTF-8', '8859/15', 'Åkesson', 'utf8', ['Åkesson', 'flagged mislabelled-charset@MSH-18']],
    ['ASCII said, UTF-8', 'ASCII', 'Åkesson', 'utf8', ['Åkesson', 'flagged mislabelled-charset@MSH-18']],
    ['UTF-8 said, 8859/1', 'UNICODE UTF-8', 'Åkesson', 'latin1', ['Åkesson', 'flagged mislabelled-charset@MSH-18']],
    ['a name of no charset, UTF-8', 'SWEDISH', 'Åkesson', 'utf8', ['Åkesson', 'flagged mislabelled-charset@MSH-18']],
    ['UTF-16 said, 8859/1', 'UNICODE UTF-16', 'Åkesson', 'latin1', ['Åkesson', 'flagged mislabelled-charset@MSH-18']],
    ['8859/1 said, Windows-1252', '8859/1', '\x8aimic', 'latin1', ['Šimic', 'flagged windows-charset@MSH-18']],
    ['a control', '8859/1', 'Å\x00kesson', 'latin1', ['Å kesson', 'flagged control-characters@MSH-18']],
    ['a letter lost', 'UNICODE UTF-8', '\uFFFDkesson', 'utf8', ['\uFFFDkesson', 'flagged lost-letters@PID-5']],
  ])('%s', (_, charset, family, encoding, expected) => {
    expect(reading(named(charset, family), encoding)).toEqual(expected);
  });

  it('letters lost where no duty and no notice looks are noted only', () => {
    const translation = translatedOf(`${adt()}NK1|1|\uFFFDkesson\r`);
    expect(translation).toMatchObject({
      event: { findings: [{ grade: 'noted', code: 'lost-letters', place: 'NK1-2' }] },
    });
  });
});

describe('text is never lost (SAL-4)', () => {
  it.each([
    ['a bare & in a surname', 'Ek & Lind', 'Ek & Lind', ['flagged unescaped-delimiter@PID-5']],
    ['without blanks', 'Ek&N&Lind', 'Ek&N&Lind', ['flagged unescaped-delimiter@PID-5']],
    ['an escaped one', 'Ek \\T\\ Lind', 'Ek & Lind', []],
    ['a surname taken apart', 'von Ek&von&Ek', 'von Ek', []],
    ['a 16-bit escape', '\\X00C5\\kesson', 'Åkesson', []],
    ['an unknown escape', 'Ek\\Q\\Lind', 'Ek\\Q\\Lind', ['flagged unread-escape@PID-5']],
  ])('%s', (_, written, family, findings) => {
    expect(eventOf({ pid: { 5: written } }).patient.name?.family).toBe(family);
    expect(findingsOf({ pid: { 5: written } })).toEqual(findings);
  });

  it('in a street, a city and the second line', () => {
    const { address } = eventOf({ pid: { 11: 'Berg & Dal 3^Hus A&B^Ek&Lind^^171 01^SE^L^^0184' } }).patient;
    expect(address).toMatchObject({ lines: ['Berg & Dal 3', 'Hus A&B'], city: 'Ek&Lind' });
  });

  it('in a text for the recipient', () => {
    const parts = { obx: [fact('INFO', 'Dos 1 & 2 ^ ej \\Q\\ mer', { 4: 'ROV' })] };
    expect(eventOf(parts).facts).toMatchObject([{ values: ['Dos 1 & 2 ^ ej \\Q\\ mer'] }]);
    expect(findingsOf(parts)).toEqual(['flagged unread-escape@OBX-5']);
  });

  it('in a segment that was wrapped, and in one whose line end was not escaped', () => {
    const wrapped = adt({ obx: [fact('INFO', 'Rad 1\rRad 2', { 4: 'ROV' })] }).replace('^^164 40', '^^\r   164 40');
    const { address, facts, findings } = { ...stayEventOf(wrapped), ...stayEventOf(wrapped).patient };
    expect([address?.postalCode, facts[0]?.values]).toEqual(['164 40', ['Rad 1\nRad 2']]);
    expect(findings.map(({ grade, code, place }) => `${grade} ${code}@${place}`)).toEqual([
      'flagged broken-segment@line 4',
      'flagged broken-segment@line 9',
    ]);
  });

  it('by a sender that never escapes (MSH-2 ^~&)', () => {
    const message = adt({ pid: { 5: 'Ek&N&Lind^Tolvan' } }).replace('^~\\&', '^~&');
    expect(translatedOf(message)).toMatchObject({
      event: {
        patient: { name: { family: 'Ek&N&Lind', given: ['Tolvan'] } },
        encounter: { ward: 'SE2321000016-1001' },
      },
    });
  });
});

describe('a message whose segments nobody can tell apart', () => {
  it.each([
    ['two messages in one', `${adt()}${adt()}`, /^several-messages@line \d+$/],
    ['a CR in letters', adt().replaceAll('\r', '\\r'), /^no-segments@MSH$/],
    ['no end of any segment', adt().replaceAll('\r', ''), /^no-segments@MSH$/],
  ])('%s', (_, text, fault) => {
    expect(faultsOf(read(text))).toEqual([expect.stringMatching(fault)]);
  });
});
