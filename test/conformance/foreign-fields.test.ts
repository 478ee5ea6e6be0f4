import { describe, expect, it } from '@jest/globals';
import { outcomeOf } from './outcome.ts';

/*
 * Fields as interface engines, libraries, test tools and the record systems of other countries fill them, judged by the standard.
 * We wrote all of them.
 */
const NUMBER = '191212121212';
const MSH = 'MSH|^~\\&|X|KS|||20260510143000+0200||ADT^A01^ADT_A01|1|P|2.5.1';
const PID = (cx: string, name = 'Tolvan^Tolv', born = '19121212'): string => `PID|1||${cx}||${name}||${born}`;
const PV1 = 'PV1|1|I|11^^^SE2321000016-1001||||||||||||||||V-1|||||||||||||||||||||||||20260510142000';
const OURS = PID(`${NUMBER}^^^SKV^PN`);
const message = (...segments: readonly string[]): string => segments.join('\r');
const identified = (cx: string, born?: string): string => message(MSH, PID(cx, undefined, born), PV1);
const named = (name: string): string => message(MSH, PID(`${NUMBER}^^^SKV^PN`, name), PV1);
const visited = (from: string, to: string): string => message(MSH, OURS, PV1.replace(from, to));
const ADMITTED = `AA A01 admit Tolvan ${NUMBER} V-1 2026-05-10T14:20:00+02:00`;
const of = (identity: string): string => ADMITTED.replace(NUMBER, identity);

describe('whom PID-3 names', () => {
  it.each([
    ['a Finnish number', '131052-308T^^^&1.2.246.21&ISO^NI', of('131052-308T')],
    ['a Norwegian number', '13116900216^^^&2.16.578.1.12.4.1.4.1&ISO^FNR', of('13116900216')],
    ['a Dutch number', '123456782^^^NLMINBIZA^NNNLD', of('123456782')],
    ['a German record number beside an insurance number', '4711^^^KIS^PI~A123456780^^^GKV^KVNR', of('4711')],
    ['an identifier of a mission hospital', 'GAN200001^^^Bahmni^PI', of('GAN200001')],
    ['a UUID of a generator', '5cbc121b-cd71-4428-b8b7-31e53eba8184^^^^MR', of('5cbc121b-cd71-4428-b8b7-31e53eba8184')],
    ['a national number by its type alone', `${NUMBER}^^^^NNSWE`, ADMITTED],
    ['an OID for a name', `${NUMBER}^^^1.2.752.129.2.1.3.1^NI`, ADMITTED],
    ['an OID as a URN', `${NUMBER}^^^urn:oid:1.2.752.129.2.1.3.1^NI`, ADMITTED],
    ['a validity that has ended, and no other', `${NUMBER}^^^SKV^PN^^20100101^20201231`, ADMITTED],
    ['a co-ordination number under the type of the other', '196109732393^^^SKV^PN', of('196109732393')],
    ['two persons at once', `${NUMBER}^^^SKV^PN~189001019802^^^SKV^PN`, 'AA rejected 102 identities-differ@PID-3'],
    ['a hyphen where it says less than a hundred years', '121212-1212^^^SKV^PN', 'AA rejected 102 bad-identity@PID-3'],
  ])('%s', (_, cx, outcome) => {
    expect(outcomeOf(Buffer.from(identified(cx)))).toEqual([outcome]);
  });

  it.each([
    ['a plus is a hundred years', '121212+1212^^^SKV^PN', ADMITTED],
    ['no century', '1212121212^^^SKV^PN', 'AA rejected 102 ambiguous-century@PID-3'],
  ])('without a birth date: %s', (_, cx, outcome) => {
    expect(outcomeOf(Buffer.from(identified(cx, '')))).toEqual([outcome]);
  });
});

describe('is read as', () => {
  it.each<[string, string | Buffer, ...string[]]>([
    ['an alias before the legal name', named('Alias^A^^^^^A~Tolvan^Tolv^^^^^L'), ADMITTED],
    ['the name at birth before the one of today', named('Ogift^Tolv^^^^^M~Tolvan^Tolv^^^^^L'), ADMITTED],
    ['a surname with its prefix apart', named('van Tolvan&van&Tolvan^T'), ADMITTED.replace('Tolvan', 'van Tolvan')],
    ['highlighted text', named('\\H\\Tolvan\\N\\^T'), ADMITTED],
    ['an escaped &', named('Tol\\T\\van^T'), ADMITTED.replace('Tolvan', 'Tol&van')],
    ['three ends for each line', message(MSH, OURS, PV1).replaceAll('\r', '\r\r\n'), ADMITTED],
    ['PV1 before PID', message(MSH, PV1, OURS), ADMITTED],
    ['a mode beside the processing id', message(MSH.replace('|P|', '|P^I|'), OURS, PV1), ADMITTED],
    ['a visit with its assigner', visited('|V-1|', '|V-1^^^VISIT^VN|'), ADMITTED],
    ['two visit numbers: the first', visited('|V-1|', '|V-1~V-9|'), ADMITTED],
    ['zeros before a visit number', visited('|V-1|', '|00V-1|'), ADMITTED.replace('V-1', '00V-1')],
    ['a deleted visit number', visited('|V-1|', '|""|'), 'AA rejected 101 no-visit-id@PV1-19'],
    ['a Danish unit', visited('SE2321000016-1001', '123456789016007'), `${ADMITTED} bad-hsa-id@PV1-3.4`],
    [
      'an ISO 8601 time in MSH-7',
      message(MSH.replace('20260510143000+0200', '2026-05-10T14:30:00+02:00'), OURS, PV1),
      `${ADMITTED} bad-timestamp@MSH-7`,
    ],
    [
      'zeros for a time',
      visited('20260510142000', '00000000'),
      `${ADMITTED.replace(/2026.*/, '-')} bad-timestamp@PV1-44 no-admission-time@PV1-44`,
    ],
    ['UTF-16', Buffer.from(message(MSH, OURS, PV1), 'utf16le'), 'AR 102 utf-16-content@'],
    [
      'a document of 200 kB',
      message(MSH, OURS, PV1, `OBX|1|ED|PDF^x^L||^application^pdf^Base64^${'A'.repeat(2e5)}`),
      ADMITTED,
    ],
    ['a file of messages without a batch', `FHS|^~\\&|X|KS\r${message(MSH, OURS, PV1)}\rFTS|1`, ADMITTED],
    [
      'a batch that has lost messages',
      `BHS|^~\\&|X|KS\r${message(MSH, OURS, PV1)}\rBTS|5`,
      'AR 200 batch-not-taken@MSH',
    ],
    [
      'a merge that does not say of whom',
      message(MSH.replaceAll('A01', 'A40'), OURS),
      'AA rejected 101 no-patient-identity@MRG-1',
    ],
  ])('%s', (_, bytes, ...outcome) => {
    expect(outcomeOf(Buffer.from(bytes))).toEqual(outcome);
  });
});
