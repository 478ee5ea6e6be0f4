import { GROUNDS, type FactCode, type FactStatus, type NeedScope } from '#libs/domain';
import { unescapeText, type Hl7Message, type Segment } from '#libs/hl7v2';
import type { Findings } from './findings.ts';

const NEEDS: readonly NeedScope[] = ['SOC', 'KHSL', 'ROV'];
const YES_OR_NO = ['Y', 'N'];

/** The values that each code may have in OBX-5 (contract 5; BASIS: domain.md 8.2). INFO is free text. */
const ALLOWED: Readonly<Record<Exclude<FactCode, 'INFO'>, (values: readonly string[]) => boolean>> = {
  NEED: (values) => onlyOf(NEEDS)(values) || (values.length === 1 && values[0] === 'NONE'),
  INS: (values) => values.length === 1 && values[0] === 'Y',
  CONSENT: oneOf(YES_OR_NO),
  READY: oneOf(YES_OR_NO),
  BASIS: onlyOf(GROUNDS),
};

/**
 * OBX-5 of a fact, one entry per repetition. A value that the code does not know is a fault: a need misread is a notice
 * that never goes out. What was never true (`D`) needs no value.
 */
export function readFactValues(
  code: FactCode,
  status: FactStatus,
  obx: Segment,
  message: Hl7Message,
  findings: Findings,
): string[] {
  if (code === 'INFO') return [freeText(obx, message)];
  const stated = obx.field(5).repetitions.flatMap((repetition) => repetition.text(1)?.trim() ?? []);
  const values = inFixedOrder(code, [...new Set(stated)]);
  if (status === 'D' && values.length === 0) return [];
  if (!ALLOWED[code](values)) findings.add('unknown-fact-value', 'OBX-5');
  return values;
}

/** The whole of OBX-5, decoded; a sender may leave `^` and `&` unescaped in free text. Repetitions are lines. */
function freeText(obx: Segment, { reading }: Hl7Message): string {
  return obx
    .field(5)
    .repetitions.map(({ raw }) => (raw === '""' ? '' : unescapeText(raw, reading.delimiters, reading.charset)))
    .join('\n');
}

/** `SOC~ROV` and `ROV~SOC` are one need. */
function inFixedOrder(code: FactCode, values: readonly string[]): string[] {
  if (code !== 'NEED') return [...values];
  return [...NEEDS.filter((need) => values.includes(need)), ...values.filter((v) => !NEEDS.some((need) => need === v))];
}

function onlyOf(allowed: readonly string[]): (values: readonly string[]) => boolean {
  return (values) => values.length > 0 && values.every((value) => allowed.includes(value));
}

function oneOf(allowed: readonly string[]): (values: readonly string[]) => boolean {
  return (values) => values.length === 1 && onlyOf(allowed)(values);
}
