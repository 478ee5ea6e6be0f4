export { type FormSchema, isFaulty, type Reading, readTime } from './form-check.ts';
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
export {
  type FormIdentity,
  type FormPerson,
  patientOf,
  PERSON_QUESTION_SCHEMAS,
  type PersonQuestion,
  readFormIdentity,
  readPersonQuestion,
  systemsOf,
} from './form-person.ts';
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
export {
  CASE_ACT_SCHEMAS,
  type CaseActForm,
  type CheckedAct,
  DEVIATION_REPORT_SCHEMAS,
  type DeviationReportForm,
  readCaseAct,
  readCheckedAct,
  readDeviationReport,
} from './deviation-forms.ts';
