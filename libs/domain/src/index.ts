export * from './time.ts';
export * from './local-time.ts';
export * from './event.ts';
export * from './directory.ts';
export * from './notice.ts';
export * from './deviation.ts';
export * from './rules/parameters.ts';
export { foldStay, dischargeOf, dutyInstant, type Stay, type StayState, type Need, type Discharge } from './stay.ts';
export { inOrder, TRIGGER_RANK } from './order.ts';
export { recipientsOf, type Recipient, type Recipients, type Role, type Unresolved } from './routing.ts';
export { groundFor, holdsBetween, type GroundDecision } from './grounds.ts';
export { missingItems, type InsItem } from './ins-items.ts';
export * from './deadlines.ts';
export { judgedTime } from './judged-time.ts';
export {
  GrowingHistory,
  historyOf,
  inIntakeOrder,
  type History,
  type HistoryInput,
  type PersonProtection,
  type WardRecord,
} from './history.ts';
export type { Step } from './act-recorder.ts';
export { NO_CONTINUATION, type Continuation, type Inherited, type Kept } from './addressees.ts';
export {
  continuedHistories,
  mayTell,
  personsSentOn,
  statesTransfer,
  tiedStays,
  type PersonStay,
  type TellHistory,
} from './continuation.ts';
export {
  closingReason,
  HUB,
  judge,
  type Circumstances,
  type ClosingReason,
  type Judgement,
  type Timer,
} from './deviations.ts';
