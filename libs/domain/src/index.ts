export * from './time/time.ts';
export * from './time/local-time.ts';
export * from './events/course.ts';
export { instantInOrder, isFarAhead, statesInpatientStart } from './events/far-ahead.ts';
export * from './events/fact.ts';
export * from './events/fact-values.ts';
export * from './events/statements.ts';
export * from './events/terms.ts';
export * from './events/event-finding.ts';
export * from './events/stay-event.ts';
export * from './events/person-event.ts';
export * from './events/answer-code.ts';
export * from './events/event-origin.ts';
export * from './events/party-event.ts';
export * from './events/home-word.ts';
export * from './events/operator-event.ts';
export * from './events/case-event.ts';
export { DIRECTORY, OPERATOR, type RoutingStatement } from './events/routing-statement.ts';
export { routingEventOf, type RecordedCall } from './stay/routing-statements.ts';
export { byWord, compareByWord, inOrder } from './events/order.ts';
export { Latest, LatestOfEach } from './events/latest-by-time.ts';
export { OrderOfTime, comparePlaces, type Place } from './events/order-of-time.ts';
export { inIntakeOrder, IntakeSequence } from './events/intake-sequence.ts';
export * from './events/stored-event.ts';
export { strictest } from './person/protection.ts';
export { compareIdentities } from './person/identity-preference.ts';
export * from './routing/party.ts';
export { PartyDirectory, type Directory, type DirectoryContent, type DirectoryVersions } from './routing/directory.ts';
export { VersionedDirectory, type VersionInForce } from './routing/directory-versions.ts';
export {
  AddressRegister,
  PARITIES,
  type AddressRange,
  type BoardOfAddress,
  type Parity,
} from './routing/address-register.ts';
export { directoryFaults, type DirectoryFault } from './routing/directory-faults.ts';
export {
  decide,
  recipientChange,
  type Recipient,
  type RecipientChange,
  type RoutingDecision,
  type WaitingNeed,
} from './routing/decision.ts';
export { decisionText, explained, type ExplainedDecision } from './routing/decision-text.ts';
export { CARE_TYPES, factsOfStay, HOUSINGS, type FactName, type RoutingFacts } from './routing/routing-facts.ts';
export { factText, roleText } from './routing/fact-text.ts';
export { factSources, STATED_BY_OTHERS } from './routing/fact-sources.ts';
export * from './routing/routing-rules.ts';
export * from './notices/grounds.ts';
export * from './notices/registry.ts';
export * from './notices/act.ts';
export type { NoticeBase, NoticePerson } from './notices/definition.ts';
export type { InsContent } from './notices/ins.ts';
export type { ButContent } from './notices/but.ts';
export type { UtkContent } from './notices/utk.ts';
export type { OptDecisionContent } from './notices/opt-decision.ts';
export type { UtsContent } from './notices/uts.ts';
export type { InfoContent } from './notices/info.ts';
export type { HomeContent } from './notices/home.ts';
export * from './acts/duty.ts';
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
export { unitsOf, type OpenUnit, type Unit, type Units } from './routing/units.ts';
export * from './disclosure/elements.ts';
export * from './disclosure/disclosure-table.ts';
export * from './disclosure/gate.ts';
export type { StatedBasis } from './disclosure/stated-grounds.ts';
export { NO_CONTINUATION, type Continuation, type Inherited, type Kept } from './routing/addressees.ts';
export { escalatesAt, escalationSteps, type EscalationStep } from './rules/escalation.ts';
export { judgedTime } from './time/judged-time.ts';
export { movedByOutages, type Outage } from './time/outages.ts';
export { missingItems, type InsItem } from './acts/ins-items.ts';
export { insClocks, type InsClock } from './acts/ins-clocks.ts';
export { GrowingHistory, historyOf, type History, type HistoryInput, type HistoryRules } from './acts/history.ts';
export { isSameDecision, type MadeDecision } from './acts/made-decisions.ts';
export { mayBeRerouted, type Rerouting } from './acts/rerouting.ts';
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
export { ageOn, foldPerson, type Person } from './person/person.ts';
export { inStay, knownSince, mergedWith, patientsIn, type BesideId } from './person/person-in-stay.ts';
export { wordEventOf, type TakenWord } from './stay/party-words.ts';
export { decisionsOf, type OperatorDecisions } from './stay/operator-decisions.ts';
export { ofFirstVersion, upgradeStoredEvent, type FirstEvent, type FirstFact } from './events/stored-event.ts';
export { absorb, type Absorbed } from './events/event-set.ts';
export { codeText, failureOf, isInFeed, makesCase, REPORT_CODES, stepOf } from './deviation-cases/failure.ts';
export * from './deviation-cases/case-life.ts';
export * from './deviation-cases/deviation-case.ts';
export { planCallOf } from './deviations/sip-call.ts';
export { monthOf, stayProfile, type StayProfile } from './patterns/stay-profile.ts';
export { type Rate } from './patterns/rates.ts';
export { pairCounts, PAIRS, pairRates, type PairCounts, type PairKind, type PairRate } from './patterns/pairs.ts';
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
export { recurringPairs, recurringUnits } from './patterns/recurring.ts';
export { codesIn, countsOf, ratesOf, type PublishedMonth } from './feed/published-month.ts';
