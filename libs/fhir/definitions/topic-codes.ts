import { ANSWER_CODES, COURSES, DEVIATION_CODES, OPERATOR_COURSES, PERSON_COURSES, TASK_CODES } from '#libs/domain';
import { NOTICE_CODES } from '#libs/fhir';

const oneOf = (codes: readonly string[]) => ({ enum: [...codes] });

/**
 * The codes that the JSON Schemas of the topics allow, `schemas/topics/codes.json`: the others refer to it, so that a new
 * code is nowhere listed by hand.
 */
export function topicCodes() {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'https://bryggan.example/schemas/topics/codes.json',
    title: 'Codes of records',
    description: 'Written from libs/fhir/definitions; do not edit by hand.',
    definitions: {
      course: oneOf(COURSES),
      personCourse: oneOf([...PERSON_COURSES, ...OPERATOR_COURSES]),
      notice: oneOf(NOTICE_CODES),
      answer: oneOf(ANSWER_CODES),
      task: oneOf(TASK_CODES),
      deviation: oneOf(DEVIATION_CODES),
    },
  };
}
