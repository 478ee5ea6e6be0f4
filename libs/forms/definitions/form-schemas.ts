import {
  CASE_ACT_SCHEMAS,
  DEVIATION_REPORT_SCHEMAS,
  NOTICE_FORM_SCHEMAS,
  PERSON_QUESTION_SCHEMAS,
  REPLY_SCHEMAS,
  type FormSchema,
} from '#libs/forms';

/** A file of `schemas/forms`. */
export interface FormSchemaFile {
  readonly name: string;
  readonly schema: object;
}

const BASE = 'https://bryggan.example/schemas/forms/';

function ofCodes(name: string, title: string, schemas: Readonly<Record<string, FormSchema>>): FormSchemaFile {
  return {
    name,
    schema: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $id: `${BASE}${name}.json`,
      title,
      description: 'Written from libs/forms; do not edit by hand. Which definition holds is said by `code`.',
      oneOf: Object.keys(schemas).map((code) => ({ $ref: `#/definitions/${code}` })),
      definitions: schemas,
    },
  };
}

/** The schemas of all forms, freshly made; `schemas/forms` holds the same. */
export function formSchemas(): FormSchemaFile[] {
  return [
    ofCodes('reply', 'A reply of a party', REPLY_SCHEMAS),
    ofCodes('notice', 'A notice of a ward without a record system', NOTICE_FORM_SCHEMAS),
    ofCodes('person-question', 'A question to the register of persons', PERSON_QUESTION_SCHEMAS),
    ofCodes('deviation-report', 'A report of a deviation by a person', DEVIATION_REPORT_SCHEMAS),
    ofCodes('case-act', 'What a person does with a case', CASE_ACT_SCHEMAS),
  ];
}
