import { segment, writeMessage } from '#libs/hl7v2';

/** An admission of a test person by KS with this control id; fields of MSH and PV1 by number replace or (empty) clear those of it. */
export function admission(
  controlId: string,
  msh: Readonly<Record<number, string>> = {},
  pv1: Readonly<Record<number, string>> = {},
  person = '191212121212',
): Buffer {
  const header = {
    3: 'JOURNAL',
    4: 'KS',
    7: '20260510143000+0200',
    9: 'ADT^A01^ADT_A01',
    11: 'P',
    12: '2.5.1',
    18: 'UNICODE UTF-8',
  };
  return Buffer.from(
    writeMessage([
      segment('MSH', { ...header, 10: controlId, ...msh }),
      segment('EVN', { 2: '20260510143000+0200' }),
      segment('PID', { 1: '1', 3: `${person}^^^&1.2.752.129.2.1.3.1&ISO^NI`, 5: 'Tolvan^Tolv' }),
      segment('PV1', { 1: '1', 2: 'I', 19: `V-${controlId}`, 44: '202605101420', ...pv1 }),
    ]),
  );
}
