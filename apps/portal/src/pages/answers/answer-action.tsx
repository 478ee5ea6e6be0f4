import type { VNode } from 'preact';
import type { Ground, Party } from '#libs/domain';
import type { ReplyForm } from '#libs/forms';
import type { FormFault } from '../hub-resources.ts';
import { Select, type Option, type Written } from '../layout/form-parts.tsx';

/** What a form of an answer is filled in with, and answers to. */
export interface AnswerPlace {
  readonly stay: string;
  /** The notice that most answers are about: the latest one in force. */
  readonly about: string;
  readonly party: Pick<Party, 'kind' | 'legalForms'>;
  /** Parties that may be proposed or called. */
  readonly municipal: readonly Option[];
  readonly units: readonly Option[];
  /** Recipients that a municipality may add, and parties whose the case may be. */
  readonly added: readonly Option[];
  readonly owners: readonly Option[];
  /** Desks of the own unit, and the one that takes the case. */
  readonly desks: readonly Option[];
  readonly desk?: string;
  readonly grounds: readonly Option[];
}

export type Read = ReplyForm | readonly FormFault[];

/** What the actions of a case are sorted under, in the order in which they stand on its page. */
export const ACTION_GROUPS = {
  answer: 'Svara avdelningen',
  sip: 'Samordnad individuell plan',
  who: 'Vem som är rätt mottagare',
} as const;

/** Something that a unit may do in a case: its form, and the reply that it becomes. */
export interface AnswerAction {
  /** Name in the form and in the address of its confirmation. */
  readonly id: string;
  readonly group: keyof typeof ACTION_GROUPS;
  readonly title: string;
  readonly send: string;
  /** Said when it has been sent. */
  readonly done: string;
  readonly isFor: (party: Pick<Party, 'kind'>) => boolean;
  readonly Fields: (props: { readonly written: Written; readonly place: AnswerPlace }) => VNode;
  readonly read: (written: Written, place: AnswerPlace) => Read;
}

export const anybody = (): boolean => true;
export const openCare = ({ kind }: Pick<Party, 'kind'>): boolean => kind === 'clinic';
export const notOpenCare = (party: Pick<Party, 'kind'>): boolean => !openCare(party);

export const valueOf = (written: Written, name: string): string | undefined => {
  const text = (written[name] ?? '').replaceAll('\r', '').trim();
  return text === '' ? undefined : text;
};
export const missing = (label: string): FormFault[] => [{ code: label, text: `Fyll i: ${label}.` }];
export const groundsIn = (written: Written): { grounds?: readonly Ground[] } => {
  const ground = valueOf(written, 'grund');
  return ground === undefined ? {} : { grounds: [ground as Ground] };
};

interface FieldsProps {
  readonly written: Written;
  readonly place: AnswerPlace;
}

/** The ground is the party's own to state, for it is the party's secrecy (rules 12.2). */
export function GroundField({
  written,
  place,
  form,
  required,
  optional,
}: FieldsProps & { form: string; required?: boolean; optional?: boolean }): VNode {
  const follows = optional ?? (place.party.legalForms.includes('region-authority') && required !== true);
  return (
    <Select
      {...{ written, form, name: 'grund', label: 'Grund för att lämna uppgiften', options: place.grounds }}
      hint={hintOf(follows, optional)}
      none={follows ? 'Ingen angiven' : 'Välj grund'}
      required={!follows}
    />
  );
}

function hintOf(follows: boolean, optional = false): string {
  if (optional) return 'Utan grund får avdelningen inte veta det.';
  return follows ? 'Behövs inte när avdelningen hör till regionen.' : 'Utan grund lämnas uppgiften inte ut.';
}

export const base = (place: AnswerPlace) => ({ stay: place.stay, about: place.about });

/** A text to the ward, with a ground. */
export function information(text: string | undefined, written: Written, place: AnswerPlace, label: string): Read {
  return text === undefined ? missing(label) : { ...base(place), code: 'PLAN-INFO', text, ...groundsIn(written) };
}

/** True when a form could not be read. */
export const isFaults = (read: Read): read is readonly FormFault[] => Array.isArray(read);
