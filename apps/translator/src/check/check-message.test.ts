import { describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { rulesInForce, readConfiguration } from '#libs/platform';
import { adt, fact, type AdtParts } from '../../test/adt.ts';
import { county, INTAKE } from '../../test/reading.ts';
import { INCOMING_EXAMPLES } from '../../../../libs/fhir/definitions/incoming-examples.ts';
import { checkFiles, summaryOf } from './check-files.ts';
import { checkMessage, type Checked } from './check-message.ts';
import { checkText } from './check-text.ts';

const parameters = rulesInForce(readConfiguration({}, { embedded: true }).rules);
const PARTS = { county, parameters, now: () => INTAKE };

const check = (message: string | Buffer, asking: { sender?: string; isOwn?: boolean } = {}): Checked =>
  checkMessage({ bytes: Buffer.from(message), kind: 'hl7v2', ...asking }, PARTS);
const checked = (parts: AdtParts): Checked => check(adt(parts));
const told = ({ becomes }: Checked): string[] =>
  becomes.flatMap((one) => one.told.map(({ kind, recipient, ground }) => `${kind} ${recipient} ${ground}`));
const lacks = ({ becomes }: Checked): string[] =>
  becomes.flatMap((one) => one.lacks.map(({ what, place }) => `${what}@${place}`));

const NEEDED = [fact('NEED', 'SOC~ROV'), fact('CONSENT', 'Y')];

describe('a check of a message', () => {
  it('says who would be told, on which ground and why', () => {
    const complete = checked({ obx: NEEDED });
    expect(complete).toMatchObject({ sender: 'KS', controlId: 'C-1', trigger: 'A01', answer: 'AA', taken: true });
    expect(told(complete)).toEqual(['INS 0180-jarva LUS_2KAP', 'INS SE2321000016-2001 LUS_2KAP']);
    expect(complete.becomes[0]?.told[0]?.why.join(' ')).toContain('behov av socialtjänst');
    expect([complete.findings, lacks(complete)]).toEqual([[], []]);
  });

  it.each<[string, AdtParts, string[]]>([
    ['a need that nobody assessed', {}, ['behovsbedömning@OBX NEED']],
    ['an expected discharge', { obx: NEEDED, pv2: { 9: undefined } }, ['beräknad tidpunkt för utskrivning@PV2-9']],
    [
      'a registered address, and with it the recipient',
      { obx: NEEDED, pid: { 11: undefined } },
      ['folkbokföringsadress@PID-11', 'mottagare@PID-11.9'],
    ],
    ['the listed clinic', { obx: NEEDED, pd1: { 3: undefined } }, ['mottagare@PD1-3.10']],
    ['a ground', { obx: [fact('NEED', 'SOC')] }, ['samtycke eller annan grund@OBX CONSENT']],
    [
      'the information of a discharge',
      { trigger: 'A03', obx: NEEDED, pv1: { 45: '20260510142900' } },
      ['information vid utskrivning@OBX INFO'],
    ],
  ])('names the field of %s that is missing', (_, parts, missing) => {
    expect(lacks(checked(parts))).toEqual(missing);
  });

  it('says of what is wrong and is taken all the same where it stands and what helps', () => {
    const [finding] = checked({ obx: NEEDED, pv2: { 9: '20261399' } }).findings;
    expect(finding).toMatchObject({ code: 'BRY-2008', place: 'PV2-9', grade: 'unstated' });
    expect(finding?.remedy).toMatch(/\.$/);
  });

  it.each<[string, AdtParts, string, string[]]>([
    ['no visit id', { pv1: { 19: undefined } }, 'AA', ['BRY-2003@PV1-19']],
    ['a trigger that is not ours', { trigger: 'A99' }, 'AR', ['BRY-1004@MSH-9.2']],
    ['a sender without agreement', { msh: { 4: 'ZZ' } }, 'AR', ['BRY-1007@MSH-4']],
    ['the id of an agreement for what its messages are known by', { msh: { 4: 'VS' } }, 'AR', ['BRY-1007@MSH-4']],
    ['another environment', { msh: { 11: 'T' } }, 'AR', ['BRY-1005@MSH-11']],
  ])('tells how %s would be answered, and why', (_, parts, answer, faults) => {
    const refused = checked(parts);
    expect(refused).toMatchObject({ taken: false, answer, becomes: [] });
    expect(refused.faults.map(({ code, place }) => `${code}@${place}`)).toEqual(faults);
  });

  it('knows an answer from a message, and an outpatient’s admission from an inpatient’s', () => {
    const answer = check(`${adt({ msh: { 9: 'ACK' } })}MSA|AA|1\r`);
    expect([answer.answer, answer.taken, ...checkText(answer)]).toEqual([
      'none',
      false,
      'Besvaras inte: det är en kvittens.',
    ]);
    expect(checkText(checked({ pv1: { 2: 'P' } })).at(-1)).toMatch(/PV1-2.*sluten vård/);
    const [inpatient, other] = ['I', 'O'].map((of) =>
      checkText(checked({ trigger: 'A06', pv1: { 2: of } })).join('\n'),
    );
    expect(inpatient).toContain('24-timmarsfristen börjar');
    expect(other).toMatch(/ingen frist börjar, och ingen får veta något\.$/);
    expect(other).not.toContain('24-timmarsfristen');
  });

  it('reads a FHIR message by the sender that it names, and names its own places', () => {
    const bytes = Buffer.from(JSON.stringify(INCOMING_EXAMPLES.get('NEED')));
    const fhir = checkMessage({ bytes, kind: 'fhir-message' }, PARTS);
    expect(fhir).toMatchObject({ sender: 'KS', answer: 'AA', taken: true });
    expect(checkMessage({ bytes: Buffer.from('{}'), kind: 'fhir-message' }, PARTS)).toMatchObject({ answer: 'AR' });
  });

  it('answers a sender about its own messages, and about another sender’s as if nobody had that name', () => {
    expect(check(adt({ obx: NEEDED }), { sender: 'KS', isOwn: true }).taken).toBe(true);
    expect(check(adt({ obx: NEEDED }), { sender: 'DS', isOwn: true }).faults.map(({ code }) => code)).toEqual([
      'BRY-1007',
    ]);
  });

  it('is read by the agreement that it is asked to be read by', () => {
    expect(check(adt({ msh: { 4: 'NEW' }, obx: NEEDED }), { sender: 'KS' })).toMatchObject({
      taken: true,
      sender: 'KS',
    });
  });

  it('asks no register and no store: two persons give the same answer, to the letter', () => {
    const of = (number: string): string => JSON.stringify(checked({ obx: NEEDED, pid: { 3: `${number}^^^SKV^PN` } }));
    expect(of('189001019802')).toBe(of('191212121212'));
    expect(of('191212121212')).not.toMatch(/Tolv|1212|Exempelgatan/);
  });

  it('is told in Swedish, a line for each thing', () => {
    expect(checkText(checked({ obx: [fact('NEED', 'SOC')], pv2: { 9: undefined } }))).toEqual([
      'Tas emot (AA).',
      'A01: Inskrivning.',
      expect.stringMatching(/^INS till .*Järva.*: Järva stadsdelsnämnd underrättas/),
      'Uppgift COMPLETE-INS: Inskrivningsmeddelandet saknar: beräknad tidpunkt för utskrivning.',
      'Saknas: beräknad tidpunkt för utskrivning (PV2-9). Inskrivningsmeddelandet ska innehålla uppgiften (LUS 2:2).',
      expect.stringMatching(/^Saknas: samtycke eller annan grund \(OBX CONSENT\)/),
    ]);
    expect(checkText(checked({ trigger: 'A08', pv1: { 44: undefined } })).at(-1)).toMatch(/vad som har kommit före/);
  });

  it('answers anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const of = check(Buffer.concat([Buffer.from('MSH|^~\\&|A|KS|'), Buffer.from(bytes)]));
        return Array.isArray(checkText(of));
      }),
    );
  });

  it('is summed up by sender and problem', () => {
    const all = [checked({}), checked({}), checked({ msh: { 4: 'ZZ' } })];
    expect(summaryOf(all)).toEqual({
      messages: 3,
      taken: 2,
      unread: 0,
      troubles: [
        { sender: 'KS', what: 'Saknas: behovsbedömning (OBX NEED)', messages: 2 },
        { sender: 'ZZ', what: expect.stringMatching(/^BRY-1007 i MSH-4: /) as unknown, messages: 1 },
      ],
    });
  });
});

describe('a check of a batch', () => {
  const BATCH = `\ufeffBHS|^~\\&|A|KS\r${adt({ obx: NEEDED })}${adt({ msh: { 4: 'ZZ' } })}BTS|2\r`;

  it('says of each message what it says of it alone', () => {
    const batch = check(BATCH);
    const alone = [check(adt({ obx: NEEDED })), check(adt({ msh: { 4: 'ZZ' } }))];
    expect(batch).toMatchObject({ answer: 'AR', taken: false, faults: [], messages: alone });
    expect(checkText(batch)).toEqual([
      'En sats: 1 av 2 tas emot.',
      '1: KS A01 MSH-10 C-1',
      ...checkText(alone[0]!),
      '2: ZZ A01 MSH-10 C-1',
      ...checkText(alone[1]!),
    ]);
  });

  it('that cannot be taken apart says where', () => {
    const { taken, faults, messages } = check(BATCH.replace('BTS|2', 'BTS|3'));
    expect([taken, messages]).toEqual([false, undefined]);
    expect(faults).toMatchObject([{ code: 'BRY-1008', place: 'BTS-1' }]);
  });
});

describe('a check of files', () => {
  const MARK = Buffer.from('\ufeff');
  const FHIR = Buffer.from(JSON.stringify(INCOMING_EXAMPLES.get('NEED') ?? {}));

  function found(content: Buffer | undefined): readonly unknown[] {
    const folder = mkdtempSync(join(tmpdir(), 'bryggan-check-'));
    try {
      if (content) writeFileSync(join(folder, 'message'), content);
      const all = [...checkFiles([folder, join(folder, 'gone')], undefined, PARTS)].map(({ checked: one }) => one);
      expect(all.pop()?.faults).toMatchObject([{ code: 'BRY-1017' }]);
      expect(summaryOf(all).unread).toBe(content ? 0 : 1);
      return all.map(({ kind, taken, faults }) => [kind, taken, ...faults.map(({ code }) => code)]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it.each<[string, Buffer | undefined, readonly unknown[]]>([
    ['FHIR after a byte order mark', Buffer.concat([MARK, FHIR]), [['fhir-message', true]]],
    ['HL7 v2 after a byte order mark', Buffer.concat([MARK, Buffer.from(adt({ obx: NEEDED }))]), [['hl7v2', true]]],
    [
      'a batch of two',
      Buffer.from(`BHS|\n${adt({})}${adt({})}`),
      [
        ['hl7v2', true],
        ['hl7v2', true],
      ],
    ],
    ['nothing', Buffer.alloc(0), [['hl7v2', false, 'BRY-1013']]],
    ['blank lines', Buffer.from('\n\n'), [['hl7v2', false, 'BRY-1013']]],
    ['XML', Buffer.from('<?xml version="1.0"?>\n<ADT_A01/>'), [['hl7v2', false, 'BRY-1014']]],
    ['a packed message', gzipSync(adt({})), [['hl7v2', false, 'BRY-1015']]],
    ['UTF-16', Buffer.from(adt({}), 'utf16le'), [['hl7v2', false, 'BRY-1016']]],
    ['a table', Buffer.from('Namn;Avdelning\n'), [['hl7v2', false, 'BRY-1001']]],
    ['an empty folder', undefined, [['file', false, 'BRY-1018']]],
  ])('tells %s as what it is, and goes on to the next', (_, content, expected) => {
    expect(found(content)).toEqual(expected);
  });
});
