import { describe, expect, it } from '@jest/globals';
import { HOSPITALS } from '../county/hospitals.ts';
import { HOMES, knownHereOnly, REGISTERED } from '../county/people.ts';
import { consent, info, need, order } from './ward-message.ts';
import { writeAdt } from './write-adt.ts';

const AT = Date.parse('2026-05-10T12:25:00Z');

describe('writing a message in the default dialect', () => {
  it('puts everything where contract 5 has it', () => {
    const bytes = writeAdt({
      hospital: HOSPITALS.KS,
      visit: 'V-1',
      controlId: 'V-1-1',
      trigger: 'A01',
      sent: AT,
      occurred: AT - 60_000,
      person: REGISTERED[1]!,
      withName: true,
      home: HOMES[5]!,
      clinic: 'SE5560000001-2002',
      class: 'I',
      admitted: AT - 60_000,
      expected: '20260514',
      leaving: '01',
      protection: 'SEKR',
      facts: [need(['SOC', 'ROV'], { at: AT }), consent('N', ['SOC']), info(['ROV'], 'A & B')],
      charset: '8859/1',
    });
    expect(bytes.toString('latin1').split('\r')).toEqual([
      'MSH|^~\\&|JOURNAL|KS|BRYGGAN|BRYGGAN|20260510142500+0200||ADT^A01^ADT_A01|V-1-1|P|2.5.1||||||8859/1',
      'EVN|A01|20260510142500+0200||||20260510142400+0200',
      'PID|1||196101182803^^^&1.2.752.129.2.1.3.1&ISO^NI||Åberg^Ett^^^^^L||19610118||||Exempelgatan 1^^Spånga^^100 00^SE^L^^0180^jarva',
      'PD1|||Exempelmottagningen^^^^^^^^^SE5560000001-2002',
      'PV1|1|I|12^^^SE2321000016-1001||||||||||||||||V-1|||||||||||||||||01||||||||20260510142400+0200',
      'PV2|||||||||20260514',
      'ARV|1|A|SEKR',
      'OBX|1|CE|NEED^NEED^BRYGGAN||SOC~ROV||||||F|||20260510142500+0200',
      'OBX|2|CE|CONSENT^CONSENT^BRYGGAN|SOC|N||||||F',
      'OBX|3|TX|INFO^INFO^BRYGGAN|ROV|A \\T\\ B||||||F',
      '',
    ]);
  });

  it('leaves out, coarsens and spoils what it is told to', () => {
    const bytes = writeAdt({
      hospital: HOSPITALS.PS,
      ward: HOSPITALS.PS.wards[1],
      visit: 'V-2',
      controlId: 'V-2-1',
      trigger: 'A08',
      sent: AT,
      recorded: '20260510142500.1234567+0200',
      person: knownHereOnly('V-2'),
      withName: true,
      familyName: 'Åkesson',
      born: '0000',
      class: 'I',
      admitted: AT,
      admissionGiven: 'to-the-day',
      expected: 'v.20',
      dead: false,
      protection: 'SKYDDAD',
      facts: [need(['SOC'], { on: AT, status: 'W' }), order(['SOC'])],
      charset: '8859/1',
      writtenAs: 'UNICODE UTF-8',
    });
    expect(bytes.toString('utf8').split('\r')).toEqual([
      'MSH|^~\\&|JOURNAL|PS|BRYGGAN|BRYGGAN|20260510142500+0200||ADT^A08^ADT_A01|V-2-1|P|2.5.1||||||8859/1',
      'EVN|A08|20260510142500.1234567+0200',
      'PID|1||LOKAL-V-2^^^KS-PSYK^PI||Åkesson^Okänd^^^^^L||0000|||||||||||||||||||||||N',
      'PV1|1|I|12^^^SE5560000002-1302||||||||||||||||V-2|||||||||||||||||||||||||20260510',
      'PV2|||||||||v.20',
      'ARV|1|A|SKYDDAD',
      'OBX|1|CE|NEED^NEED^BRYGGAN||SOC||||||W|||20260510',
      'OBX|2|CE|INS^INS^BRYGGAN|SOC|Y||||||F',
      '',
    ]);
  });
});
