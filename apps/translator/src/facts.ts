import { FACT_CODES, SCOPES, type Fact, type FactCode, type FactStatus, type Instant, type Scope } from '#libs/domain';
import type { Hl7Message, Segment } from '#libs/hl7v2';
import { readFactValues } from './fact-values.ts';
import type { Findings } from './findings.ts';
import { joinInformation } from './information.ts';
import { factInstant, readTime } from './times.ts';

/** Codes of the dialect (contract 5) that no rule uses yet: read over, so that a sender may send them already. */
const NOT_USED_YET: ReadonlySet<string> = new Set([
  'COMPULSORY',
  'OPTAPPLIED',
  'OPTDECISION',
  'REFERRAL',
  'CARETYPE',
  'HOUSING',
  'PLACEDBY',
  'CONTACT',
  'REHAB',
  'HOMECARE',
  'OPPOSED',
  'PATINFO',
  'CHECK',
]);

/** OBX-11: a result that is preliminary, pending or cannot be had states nothing. */
const STATUSES: ReadonlyMap<string, FactStatus> = new Map<string, FactStatus>([
  ['', 'F'],
  ['F', 'F'],
  ['C', 'C'],
  ['D', 'D'],
  ['W', 'D'],
]);

/** The times that a fact without a time of its own takes over: EVN-6, else MSH-7. */
export interface MessageTimes {
  readonly sentAt: Instant;
  readonly occurredAt: Instant | undefined;
}

/** The facts that a message states: its OBX segments with `BRYGGAN` in OBX-3.3 (contract 5); other OBX are not ours. */
export function readFacts(message: Hl7Message, times: MessageTimes, findings: Findings): Fact[] {
  const facts: Fact[] = [];
  for (const obx of message.segments) {
    if (obx.name !== 'OBX' || obx.text(3, 3) !== 'BRYGGAN') continue;
    const fact = readFact(obx, message, times, findings);
    if (fact) facts.push(fact);
  }
  return joinInformation(facts, findings);
}

function readFact(obx: Segment, message: Hl7Message, times: MessageTimes, findings: Findings): Fact | undefined {
  const code = obx.text(3);
  const status = STATUSES.get(obx.text(11)?.toUpperCase() ?? '');
  if (status === undefined || (code !== undefined && NOT_USED_YET.has(code))) return undefined;
  if (!isFactCode(code)) {
    findings.add('unknown-fact', 'OBX-3');
    return undefined;
  }
  const scopes = readScopes(obx, findings);
  const values = readFactValues(code, status, obx, message, findings);
  const stated = readTime(obx.value(14), 'OBX-14', findings);
  const judgedBy = readJudge(obx);
  return {
    code,
    scopes,
    values,
    status,
    at: stated ? factInstant(stated, times.sentAt) : (times.occurredAt ?? times.sentAt),
    ownTime: stated != null,
    ...(judgedBy !== undefined && { judgedBy }),
  };
}

function isFactCode(code: string | undefined): code is FactCode {
  return code !== undefined && (FACT_CODES as readonly string[]).includes(code);
}

/** OBX-4 by repetition, in a fixed order so that the same scopes are the same fact; empty = all. */
function readScopes(obx: Segment, findings: Findings): Scope[] {
  const stated = obx.field(4).repetitions.flatMap((repetition) => repetition.text(1) ?? []);
  const scopes = SCOPES.filter((scope) => stated.includes(scope));
  if (stated.some((scope) => !(SCOPES as readonly string[]).includes(scope))) findings.add('bad-scope', 'OBX-4');
  return scopes;
}

/** OBX-16.1: an id of the one who judged, never a name and never a personal number. */
function readJudge(obx: Segment): string | undefined {
  const id = obx.text(16);
  return id !== undefined && /^[A-Za-z0-9-]{1,64}$/.test(id) && !/^\d{6,8}[-+]?\d{4}$/.test(id) ? id : undefined;
}
