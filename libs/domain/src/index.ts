export * from './time/time.ts';
export * from './codes/scope.ts';
export * from './codes/legal-form.ts';
export * from './codes/elements-and-grounds.ts';
export * from './codes/answer-code.ts';
export type { NoticeKind } from './codes/notice-kind.ts';
export * from './events/course.ts';
export * from './events/fact.ts';
export * from './events/statements.ts';
export * from './events/event-origin.ts';
export * from './events/stay-event.ts';
export * from './events/person-event.ts';
export * from './events/party-event.ts';
export * from './events/operator-event.ts';
export * from './deviation-cases/deviation-case.ts';
export { routingEventOf, type RecordedCall } from './answers/routing-statements.ts';
export { byWord, compareByWord, inOrder } from './events/order.ts';
export { isSameValue } from './events/same-value.ts';
export { comparePlaces, Latest, LatestOfEach, OrderOfTime, type Place } from './events/order-of-time.ts';
export { absorb, type Absorbed, inIntakeOrder, IntakeSequence } from './events/intake-sequence.ts';
export * from './events/stored-event.ts';
export { strictest } from './person/protection.ts';
export { ageOn, compareIdentities, foldPerson, type Person } from './person/person.ts';
export * from './parties/party.ts';
export {
  type Directory,
  type DirectoryContent,
  type DirectoryVersions,
  PartyDirectory,
  VersionedDirectory,
  type VersionInForce,
} from './parties/directory.ts';
export {
  AddressRegister,
  PARITIES,
  type AddressRange,
  type BoardOfAddress,
  type Parity,
} from './parties/address-register.ts';
export { directoryFaults, type DirectoryFault } from './parties/directory-faults.ts';
export {
  decide,
  recipientChange,
  type Recipient,
  type RecipientChange,
  type RoutingDecision,
  type WaitingNeed,
} from './routing/decision.ts';
export { appliedRules, decisionText, explained, statedFacts, type ExplainedDecision } from './routing/decision-text.ts';
export { CARE_TYPES, factsOfStay, HOUSINGS, type FactName, type RoutingFacts } from './routing/routing-facts.ts';
export { factSources, factText, roleText, STATED_BY_OTHERS } from './routing/fact-text.ts';
export * from './routing/routing-rules.ts';
export {
  type ButContent,
  type HomeContent,
  type InfoContent,
  type InsContent,
  NOTICE_KINDS,
  type NoticeBase,
  type NoticeContent,
  type NoticePerson,
  NOTICES,
  type OptDecisionContent,
  type UtkContent,
  type UtsContent,
} from './notices/kinds.ts';
export * from './notices/act.ts';
export { type Duty, TASK_CODES, type TaskCode } from './acts/duties.ts';
export * from './deviations/deviation.ts';
export { dischargeOf, type Stay, type StayState } from './stay/stay.ts';
export { foldStay } from './stay/fold.ts';
export { dutyInstant, type Discharge } from './stay/inpatient-course.ts';
export type { Need, ScopeNeed } from './stay/need.ts';
export { JUDGED, NOT_JUDGED, type JudgedText, type NotJudged } from './deviations/catalogue.ts';
export { isReadmission, isUnplanned, READMISSIONS } from './deviations/readmission.ts';
export { DEVIATIONS, closingReason, isForPatternsOnly, judge, rowJudgedBy, warningOf } from './deviations/registry.ts';
export {
  rowOn,
  type Circumstances,
  type DeviationDefinition,
  type Judgement,
  type LaterStay,
  type Pending,
  type Timer,
} from './deviations/definition.ts';
export * from './rules/parameters.ts';
export {
  type Continuation,
  type Inherited,
  type Kept,
  NO_CONTINUATION,
  type OpenUnit,
  type Unit,
  type Units,
  unitsOf,
} from './routing/addressees.ts';
export * from './disclosure/disclosure-table.ts';
export * from './disclosure/gate.ts';
export type { StatedBasis } from './disclosure/stated-grounds.ts';
export { escalatesAt, escalationSteps, type EscalationStep } from './acts/escalation.ts';
export { judgedTime, movedByOutages, type Outage } from './rules/judged-time.ts';
export { type InsClock, insClocks, type InsItem, missingItems } from './acts/ins-duty.ts';
export { GrowingHistory, historyOf, type History, type HistoryInput, type HistoryRules } from './acts/history.ts';
export { isSameDecision, type MadeDecision, mayBeRerouted, type Rerouting } from './acts/made-decisions.ts';
export {
  continuedHistories,
  mayTell,
  personsSentOn,
  statesTransfer,
  tiedStays,
  type PersonStay,
  type TellHistory,
} from './acts/continuation.ts';
export {
  claimOf,
  isProtected,
  protectionBy,
  protectionIn,
  sameProtection,
  type KnownSince,
  type PersonProtection,
  type ProtectionClaim,
} from './person/protection.ts';
export { inItsStay, joinedStays, type Home, type JoinedStays } from './person/joined-stays.ts';
export { inStay, knownSince, mergedWith, patientsIn, type BesideId } from './person/person-in-stay.ts';
export { wordEventOf, type TakenWord } from './answers/party-words.ts';
export { ofFirstVersion, upgradeStoredEvent, type FirstEvent, type FirstFact } from './events/stored-event.ts';
export * from './deviation-cases/case-life.ts';
export { planCallOf } from './deviations/sip-call.ts';
export { monthOf, stayProfile, type StayProfile } from './patterns/stay-profile.ts';
export { type Rate } from './patterns/rates.ts';
export { pairCounts, PAIRS, pairRates, type PairCounts, type PairKind, type PairRate } from './feed/pairs.ts';
export {
  CALL_MEASURES,
  DISCHARGES,
  monthTable,
  NEED_MEASURES,
  type CountedStay,
  type MonthLine,
  type Dimension,
  type MonthTable,
} from './feed/month-table.ts';
export {
  codesIn,
  countsOf,
  type PublishedMonth,
  ratesOf,
  recurringPairs,
  recurringUnits,
} from './feed/published-month.ts';
