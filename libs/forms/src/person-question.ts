import { closed } from './elements.ts';
import { formReader, type FormSchema } from './form-check.ts';
import { IDENTITY_SCHEMA, type FormIdentity } from './form-person.ts';

/** Why somebody asks the register: it is written down with the question (SEC-20). */
const LOOKUP_PURPOSES = ['NOTICE', 'IDENTITY-CHECK', 'CORRECTION'] as const;

/** A question to the register of persons: `POST /persons`. */
export interface PersonQuestion {
  readonly code: 'PERSON';
  readonly identity: FormIdentity;
  readonly purpose: (typeof LOOKUP_PURPOSES)[number];
}

/** JSON Schema of a question to the register. */
export const PERSON_QUESTION_SCHEMAS: Readonly<Record<'PERSON', FormSchema>> = {
  PERSON: closed({ code: { const: 'PERSON' }, identity: IDENTITY_SCHEMA, purpose: { enum: LOOKUP_PURPOSES } }, [
    'code',
    'identity',
    'purpose',
  ]),
};

/** Reads a question to the register. */
export const readPersonQuestion = formReader<PersonQuestion>(PERSON_QUESTION_SCHEMAS);
