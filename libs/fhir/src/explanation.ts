import type { Parameters, ParametersParameter } from 'fhir/r4.js';
import {
  DISCLOSURES,
  factText,
  GROUND_NAMES,
  GROUND_ROWS,
  isValid,
  localDate,
  roleText,
  type Instant,
} from '#libs/domain';
import { isGround } from './codes.ts';
import { isNoticeCode, NOTICE_NAMES } from './notices/kinds.ts';
import { callMade, type CallMade, type DecisionLines, type Line, type StayRecord } from './stay-record.ts';
import { spokenInstant, writeInstant } from './times-and-texts.ts';

/** What a line says in place of something that another party has stated (rules 12.5). */
export const ANOTHERS_FACT = 'uppgift från annan part';

/** One reason, in Swedish, with the rule it applies. */
export interface Reason {
  readonly rule: string;
  readonly text: string;
}

/** Why somebody was told, or was not, as far as whoever asks may know. */
export interface Explanation {
  readonly told: {
    readonly kind: string;
    readonly recipient: string;
    readonly ground: string;
    readonly sent: Instant;
    readonly why: readonly Reason[];
    readonly withdrawn?: string;
  };
  /** The decision that it was sent by: version of the directory, the day by which it was read, and when the hub knew as much. */
  readonly decided?: { readonly directory: string; readonly date: string; readonly at?: Instant };
  /** The record of the stay has only the latest decisions, and this one rests on an older: no facts, and nobody not chosen. */
  readonly folded?: true;
  readonly facts: readonly { readonly fact: string; readonly value: string; readonly source: string }[];
  /** In their order, with paragraph and the day from which the row holds. */
  readonly rules: readonly { readonly rule: string; readonly basis: string; readonly from: string }[];
  readonly notChosen: readonly (Reason & { readonly candidate: string })[];
  /** Needs that a person finds a recipient for. */
  readonly waiting: readonly { readonly role: string; readonly text: string }[];
  readonly withheld: readonly { readonly kind: string; readonly recipient: string; readonly text: string }[];
  /** Its recipient, or whom it was asked about, was told by telephone, fax or paper beside the hub (TEK-02). */
  readonly beside?: readonly CallMade[];
  /** Whom it was asked about, and why that party did not get it. */
  readonly asked?: { readonly party: string; readonly text: string };
}

type Lines = Pick<StayRecord, 'told' | 'withheld' | 'calls' | 'decision' | 'earlier'>;

/**
 * The explanation of one notice, from the record of its stay: lines that are not this viewer's are left out, and a fact of
 * another party reads so.
 * @param delivery id of the Communication
 * @param viewer `sender` or `operator`
 * @param asked a party that did not get it
 * @returns undefined when the record no longer has the notice, or it is not this viewer's
 */
export function explanationOf(
  lines: Lines,
  delivery: string,
  viewer: string,
  asked: string | undefined,
): Explanation | undefined {
  const own = <L extends Line>(all: readonly L[]): L[] => all.filter(({ seenBy }) => seenBy.includes(viewer));
  const told = own(lines.told).find((line) => line.delivery === delivery || line.withdrawn?.by === delivery);
  if (told === undefined) return undefined;
  const { kind, recipient, ground, sent, trace, withdrawn } = told;
  const key = withdrawn?.by === delivery ? withdrawn.decision : told.decision;
  const named = key === undefined ? lines.decision : lines.earlier?.find((earlier) => earlier.key === key);
  const decision = named ?? NO_DECISION;
  const reason = <L extends Line & Reason>(line: L): L =>
    line.seenBy.includes(viewer) ? line : { ...line, text: ANOTHERS_FACT };
  const beside = own(lines.calls ?? [])
    .filter((call) => call.recipient === recipient || call.recipient === asked)
    .map(callMade);
  const because = withdrawn && own([withdrawn.because])[0]?.text;
  const explanation: Explanation = {
    told: {
      ...{ kind, recipient, ground, sent, why: trace.map(reason).map(({ rule, text }) => ({ rule, text })) },
      ...(withdrawn && { withdrawn: because ?? ANOTHERS_FACT }),
    },
    ...(decision.made && { decided: decision.made }),
    ...(key !== undefined && !named && { folded: true as const }),
    facts: decision.facts.map(({ fact, value, source, seenBy }) =>
      seenBy.includes(viewer) ? { fact, value, source } : { fact, value: ANOTHERS_FACT, source: ANOTHERS_FACT },
    ),
    rules: [...decision.rules.map(({ rule, basis, from }) => ({ rule, basis, from })), ...rowsOf(kind, ground, sent)],
    notChosen: decision.notChosen.map(reason).map(({ candidate, rule, text }) => ({ candidate, rule, text })),
    waiting: own(decision.waiting).map(({ role, text }) => ({ role, text })),
    withheld: own(lines.withheld).map(({ kind: what, recipient: from, text }) => ({
      ...{ kind: what, recipient: from, text },
    })),
    ...(beside.length > 0 && { beside }),
  };
  return asked === undefined
    ? explanation
    : { ...explanation, asked: { party: asked, text: notTold(explanation, own(lines.told), asked) } };
}

const NO_DECISION: DecisionLines = { facts: [], rules: [], notChosen: [], waiting: [] };

/** Why a party did not get a notice: the first of these that is so. */
function notTold(
  { told: { kind }, withheld, notChosen, waiting }: Explanation,
  told: StayRecord['told'],
  party: string,
): string {
  const has = told.find((line) => line.recipient === party && line.kind === kind);
  const notice = nameOf(kind);
  if (has) return `${party} har fått ”${notice}”${has.withdrawn ? ', som sedan återtogs' : ''}.`;
  const held = withheld.find((line) => line.recipient === party && line.kind === kind);
  if (held) return held.text;
  const passedOver = notChosen.find(({ candidate }) => candidate === party);
  if (passedOver) return passedOver.text;
  const waits = waiting.map(({ text }) => ` Väntar på en människa: ${text}`).join('');
  return `Ingen uppgift i vårdtillfället pekar på ${party}, och ingen regel väljer den.${waits}`;
}

/** The rows of the table of what may be said by which a kind was told on a ground. */
function rowsOf(kind: string, ground: string, at: Instant): Explanation['rules'] {
  const date = localDate(at);
  return [
    ...DISCLOSURES.filter((row) => row.kinds.includes(kind) && row.from.includes('hospital') && isValid(row, date)).map(
      ({ source, validFrom }) => ({ rule: kind, basis: source, from: validFrom }),
    ),
    ...GROUND_ROWS.filter((row) => row.ground === ground && isValid(row, date)).map(({ source, validFrom }) => ({
      ...{ rule: ground, basis: source, from: validFrom },
    })),
  ];
}

/** What a party is told of a notice of its own: what stood in it. All else rests on what was not addressed to it (rules 12.5). */
export function ownExplanation(
  told: Omit<Explanation['told'], 'why' | 'withdrawn'> & { readonly needs: readonly string[] },
  asked: string | undefined,
): Explanation {
  const { kind, recipient, ground, sent, needs } = told;
  const why = [
    { rule: '12.2', text: `${nameOf(kind)} har lämnats till er. Grund: ${groundName(ground)}.` },
    { rule: '12.5', text: `Varför ni valdes som mottagare: ${ANOTHERS_FACT}.` },
  ];
  return {
    told: { kind, recipient, ground, sent, why },
    facts: needs.map((need) => ({ fact: 'need', value: need, source: 'meddelandet' })),
    rules: rowsOf(kind, ground, sent),
    ...{ notChosen: [], waiting: [], withheld: [] },
    ...(asked !== undefined && { asked: { party: asked, text: ANOTHERS_FACT } }),
  };
}

/** A kind and a ground as people read them; an answer's kind, and that no ground is needed, as they stand. */
function nameOf(kind: string): string {
  return isNoticeCode(kind) ? NOTICE_NAMES[kind] : kind;
}

function groundName(ground: string): string {
  return isGround(ground) ? GROUND_NAMES[ground] : ground;
}

/** The explanation as Swedish text, for people. */
export function explanationText(explanation: Explanation): string {
  const { told, decided, folded, facts, rules, notChosen, waiting, withheld, beside = [], asked } = explanation;
  const blocks: readonly (readonly string[])[] = [
    [
      `${nameOf(told.kind)} till ${told.recipient}, ${spokenInstant(told.sent)}`,
      ...told.why.map(({ rule, text }) => `  ${text} [${rule}]`),
      ...(told.withdrawn === undefined ? [] : [`  ${told.withdrawn}`]),
      ...(decided ? [`  ${decidedText(decided)}`] : []),
      ...(folded ? [`  ${FOLDED}`] : []),
    ],
    asked === undefined ? [] : [`Varför ${asked.party} inte har fått det`, `  ${asked.text}`],
    titled(
      'Uppgifter',
      facts.map(({ fact, value, source }) => `${factText(fact, valueOf(value))} (${source})`),
    ),
    titled(
      'Inte valda',
      notChosen.map(({ candidate, rule, text }) => `${candidate}: ${text} [${rule}]`),
    ),
    titled(
      'Väljs för hand',
      waiting.map(({ role, text }) => `${roleText(role)}: ${text}`),
    ),
    titled(
      'Hålls inne',
      withheld.map(({ kind, recipient, text }) => `${nameOf(kind)} till ${recipient}: ${text}`),
    ),
    titled('Vid sidan av Bryggan', beside.map(besideText)),
    titled(
      'Regler',
      rules.map(({ rule, basis, from }) => `${rule}: ${basis} (från ${from})`),
    ),
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join('\n'))
    .join('\n\n');
}

/** By which way somebody was told beside the hub (TEK-02), as people say it. */
const CHANNEL_WORDS: ReadonlyMap<string | undefined, string> = new Map([
  ['telephone', 'per telefon'],
  ['fax', 'per fax'],
  ['paper', 'på papper'],
]);

/** How a call that was made beside the hub is told of to people. */
export function toldBeside(channel: string | undefined): string {
  return `Lämnat ${CHANNEL_WORDS.get(channel) ?? 'vid sidan av Bryggan'}`;
}

function besideText({ recipient, at, kind, channel }: CallMade): string {
  const what = kind === undefined ? '' : `${nameOf(kind)} `;
  return `${what}till ${recipient}: ${toldBeside(channel)} ${spokenInstant(at)}. Det uppfyller ingen tidsgräns. [TEK-02]`;
}

/** A value of several parts stands in the record as JSON; a ward's own words may begin like that, and are none. */
function valueOf(text: string): unknown {
  try {
    return /^[[{]/.test(text) ? JSON.parse(text) : text;
  } catch {
    return text;
  }
}

const FOLDED = 'Beslutets underlag är äldre än vad vårdtillfällets post har kvar.';

function decidedText({ directory, date, at }: NonNullable<Explanation['decided']>): string {
  const known = at === undefined ? '' : `, på det som var känt ${spokenInstant(at)}`;
  return `Beslutat efter katalog ${directory} per ${date}${known}.`;
}

function titled(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

/** The answer of `GET /fhir/Communication/<id>/$explain`: the text, and the same part by part. */
export function writeExplanation(explanation: Explanation): Parameters {
  const { told, decided, folded, facts, rules, notChosen, waiting, withheld, beside = [], asked } = explanation;
  const { why, sent, ...said } = told;
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'text', valueString: explanationText(explanation) },
      {
        ...parts('told', said),
        part: [
          ...(parts('told', said).part ?? []),
          { name: 'sent', valueInstant: writeInstant(sent) },
          ...why.map((reason) => parts('why', reason)),
        ],
      },
      ...(decided ? [decidedParts(decided)] : []),
      ...(folded ? [{ name: 'folded', valueBoolean: true }] : []),
      ...(asked === undefined ? [] : [parts('asked', asked)]),
      ...facts.map((one) => parts('fact', one)),
      ...rules.map((one) => parts('rule', one)),
      ...notChosen.map((one) => parts('not-chosen', one)),
      ...waiting.map((one) => parts('waiting', one)),
      ...withheld.map((one) => parts('withheld', one)),
      ...beside.map(({ at, ...one }) => timedParts('beside', one, at)),
    ],
  };
}

function decidedParts({ at, ...decided }: NonNullable<Explanation['decided']>): ParametersParameter {
  return timedParts('decided', decided, at);
}

function timedParts(name: string, texts: object, at: Instant | undefined): ParametersParameter {
  const { part = [], ...named } = parts(name, texts);
  return {
    ...named,
    part: [...part, ...(at === undefined ? [] : [{ name: 'at', valueInstant: writeInstant(at) }])],
  };
}

function parts(name: string, texts: object): ParametersParameter {
  return { name, part: Object.entries(texts).map(([part, text]) => ({ name: part, valueString: String(text) })) };
}
