export type { Reading } from './json-object.ts';
export { isFaulty, readTime, type FormSchema } from './form-check.ts';
export { readTaskReply, type TaskReply } from './task-reply.ts';
export {
  NOTICE_FORM_CODES,
  NOTICE_FORM_SCHEMAS,
  isPlanning,
  noticeFormFaults,
  readNoticeForm,
  visitIdOf,
  type Circumstances,
  type NoticeForm,
  type NoticeFormCode,
  type PlanningNotice,
} from './notice-form.ts';
export { patientOf, readFormIdentity, systemsOf, type FormIdentity, type FormPerson } from './form-person.ts';
export { PERSON_QUESTION_SCHEMAS, readPersonQuestion, type PersonQuestion } from './person-question.ts';
export {
  namedByReply,
  readReplyForm,
  REPLY_SCHEMAS,
  replyFaults,
  statementOf,
  wordFaults,
  type PlanningForm,
  type ReplyForm,
  type Word,
} from './reply-form.ts';
export {
  faultsInMessage,
  fhirEventId,
  readWordInMessage,
  saysAWord,
  type WordInMessage,
  type WordMessage,
} from './message-word.ts';
export { LONGEST_REASON, oneOf, readOperatorDecision, type OperatorDecision } from './operator-decision.ts';
export { DEVIATION_REPORT_SCHEMAS, readDeviationReport, type DeviationReportForm } from './deviation-report.ts';
export { CASE_ACT_SCHEMAS, readCaseAct, readCheckedAct, type CaseActForm, type CheckedAct } from './case-act.ts';
