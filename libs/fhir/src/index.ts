export * from './addresses.ts';
export { COURSE_NAMES, DISPOSITION, FACT_NAMES, TASK_NAMES } from './codes.ts';
export { identityTypeOf } from './person.ts';
export { isUnreadable, protectionOf, securityLabels, type Unreadable } from './resource.ts';
export { controlIdOf, readEventBundle, visitIdOf, writeEventBundle, writeStatements } from './events/event-bundle.ts';
export { readPartyEventBundle, writePartyEventBundle } from './events/party-event-bundle.ts';
export {
  type AnswerInput,
  isAnswer,
  readAnswerBundle,
  toldAnswer,
  type ToldAnswer,
  writeAnswerBundle,
} from './answers/answer-bundle.ts';
export { readOperatorEvent, writeOperatorEvent, writeRecordedCall } from './events/operator-event-bundle.ts';
export type { RecordedCall } from './events/operator-event-bundle.ts';
export { readArrivedEvent, readCaseEvent, readJudgedEvent, writeCaseEvent } from './events/event-records.ts';
export type { EventRaw } from './events/event-bundle.ts';
export { readSenderEvent, writeSenderEvent } from './events/person-event-bundle.ts';
export type { SenderEvent } from './events/person-event-bundle.ts';
export {
  formOf,
  hasWithdrawalCode,
  NOTICE_CATEGORIES,
  NOTICE_CODES,
  NOTICE_NAMES,
  type NoticeAllowance,
  type NoticeCategory,
  type NoticeCode,
} from './notices/kinds.ts';
export {
  type ChainLink,
  type NoticeInput,
  type NoticeView,
  readNoticeBundle,
  readProvenance,
} from './notices/notice.ts';
export { writeNoticeBundle } from './notices/write-notice.ts';
export { readReceipt, receiptOf, writeReceipt } from './receipt.ts';
export type { Receipt } from './receipt.ts';
export { readDeviation, writeDeviation } from './deviation.ts';
export type { DeviationRecord } from './deviation.ts';
export { explanationOf, ownExplanation, toldBeside, writeExplanation, type Explanation } from './explanation.ts';
export { callMade, OPERATOR_VIEW, readStay, SENDER_VIEW, writeStay } from './stay-record.ts';
export type {
  CallLine,
  CallMade,
  DecisionLines,
  EarlierDecision,
  FindingLine,
  StatedStay,
  StayRecord,
  ToldLine,
  TracedLine,
  WithheldLine,
} from './stay-record.ts';
export { readTask, writeTask } from './task.ts';
export type { TaskRecord } from './task.ts';
export { INCOMING_KINDS, maySay } from './incoming/kinds.ts';
export type { IncomingKind, PartyKind, WardKind } from './incoming/kinds.ts';
export { endpointIn, MESSAGE_LIMITS, readIncoming } from './incoming/read-message.ts';
export type { IncomingReading } from './incoming/read-message.ts';
export { isAcknowledgementMessage, senderFault } from './incoming/sender.ts';
export type { MessageSender } from './incoming/sender.ts';
export type {
  IncomingHeader,
  IncomingLink,
  IncomingMessage,
  PartyWords,
  PlanningWords,
  StatedWord,
  WardWords,
} from './incoming/message.ts';
export type { IncomingFault, IncomingFinding, IncomingRule } from './incoming/element.ts';
export { acknowledgementText, type TemplatedText } from './incoming/acknowledgement.ts';
export type { Acknowledgement } from './incoming/acknowledgement.ts';
export { refusalOf, type RefusalAnswer } from './refusal.ts';
export { writeOutcome } from './outcome.ts';
export type { OutcomeIssue } from './outcome.ts';
