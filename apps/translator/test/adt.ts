import { segment, writeMessage, type WrittenSegment } from '#libs/hl7v2';

/** Fields of one segment by number, as written; undefined leaves a field out. */
export type Fields = Readonly<Record<number, string | undefined>>;

export interface AdtParts {
  readonly trigger?: string;
  readonly msh?: Fields;
  readonly evn?: Fields;
  readonly pid?: Fields;
  readonly pd1?: Fields;
  readonly pv1?: Fields;
  readonly pv2?: Fields;
  readonly arv?: readonly Fields[];
  readonly obx?: readonly Fields[];
}

export const PNR = '191212121212^^^&1.2.752.129.2.1.3.1&ISO^NI';
export const WARD = 'SE2321000016-1001';

/** An admission to ward 11 of KS in the default dialect; what is given replaces or (undefined) removes single fields. */
export function adt(parts: AdtParts = {}): string {
  const trigger = parts.trigger ?? 'A01';
  const segments: WrittenSegment[] = [
    made('MSH', MSH(trigger), parts.msh),
    made('EVN', { 2: '20260510143000+0200', 6: '20260510142500' }, parts.evn),
    made('PID', PID, parts.pid),
    made('PD1', { 3: 'Vårdcentral Exempel^^^^^^^^^SE2321000016-2001' }, parts.pd1),
    made('PV1', { 1: '1', 2: 'I', 3: `11^^^${WARD}`, 19: 'V-1001', 44: '20260510142000' }, parts.pv1),
    made('PV2', { 9: '20260514' }, parts.pv2),
    ...(parts.arv ?? []).map((fields) => made('ARV', { 2: 'A' }, fields)),
    ...(parts.obx ?? []).map((fields, index) => made('OBX', { 1: `${index + 1}`, 2: 'ST', 11: 'F' }, fields)),
  ];
  return writeMessage(segments);
}

/** An OBX of the default dialect. */
export function fact(code: string, value: string, more: Fields = {}): Fields {
  return { 3: `${code}^text^BRYGGAN`, 5: value, ...more };
}

const MSH = (trigger: string): Fields => ({
  3: 'JOURNAL',
  4: 'KS',
  5: 'BRYGGAN',
  6: 'BRYGGAN',
  7: '20260510143000+0200',
  9: `ADT^${trigger}^ADT_${trigger}`,
  10: 'C-1',
  11: 'P',
  12: '2.5.1',
  18: 'UNICODE UTF-8',
});

const PID: Fields = {
  1: '1',
  3: PNR,
  5: 'Tolvan^Tolv^^^^^L',
  7: '19121212',
  8: 'M',
  11: 'Exempelgatan 12^lgh 1101^Kista^^164 40^SE^L^^0180^jarva',
};

function made(name: string, defaults: Fields, given: Fields = {}): WrittenSegment {
  const fields: Record<number, string> = {};
  for (const [number, text] of Object.entries({ ...defaults, ...given })) {
    if (text !== undefined) fields[Number(number)] = text;
  }
  return segment(name, fields);
}
