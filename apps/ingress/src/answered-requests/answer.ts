import { createHash } from 'node:crypto';
import type { TemplatedText } from '#libs/fhir';

/** What a request got: enough to answer it again, byte for byte. */
export interface Answer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
  /** The body as it is kept, where it is one of many that differ in a few texts. */
  readonly templated?: TemplatedText;
}

/** The whole text. */
export function textOf({ template, own }: TemplatedText): string {
  let text = '';
  for (const piece of template) text += typeof piece === 'string' ? piece : (own[piece] ?? '');
  return text;
}

/** What the register reads an answer from: rows `a` of `answered_request` with the templates `t` of those that have one. */
export const ANSWER_COLUMNS = 'a.status, a.media_type, a.body, a.own, t.pieces';
export const WITH_TEMPLATE = 'left join answer_template t on t.id = a.template';

/** An answer as it is kept: its body, or in JSON its own texts and the template that they stand in. */
export interface AnswerRow {
  readonly status: number;
  readonly media_type: string;
  readonly body: string | null;
  readonly own: string | null;
  readonly pieces: string | null;
}

/** The answer that a row keeps. */
export function answerIn({ status, media_type: mediaType, body, own, pieces }: AnswerRow): Answer {
  if (own === null || pieces === null) return { status, mediaType, body: body ?? '' };
  const templated = { template: JSON.parse(pieces) as TemplatedText['template'], own: JSON.parse(own) as string[] };
  return { status, mediaType, body: textOf(templated) };
}

/** A template as it is kept, under the hash of its text (as a UUID), so that another one is another for ever. */
export interface KeptTemplate {
  readonly id: string;
  readonly pieces: string;
}

const kept = new WeakMap<TemplatedText['template'], KeptTemplate>();

/** How an answer's template is kept; undefined where the whole body is. */
export function templateOf({ templated }: Answer): KeptTemplate | undefined {
  if (templated === undefined) return undefined;
  const known = kept.get(templated.template);
  if (known !== undefined) return known;
  const pieces = JSON.stringify(templated.template);
  const id = createHash('sha256').update(pieces).digest('hex').slice(0, 32);
  kept.set(templated.template, { id, pieces });
  return { id, pieces };
}
