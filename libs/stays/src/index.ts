export { EventSet, type KeptEvent, type SetChange } from './event-set.ts';
export {
  isOfPerson,
  loadLocked,
  lockAndLoad,
  lockInMemory,
  lockStays,
  type ArrivedEvent,
  type Loading,
  type LockedStays,
} from './lock-and-load.ts';
export { atOnce, GivingWay, type Pieces } from './giving-way.ts';
export { JoinedInBatch } from './joined-stays.ts';
export { PersonEvents, type BesideChange } from './person-events.ts';
export { relatedStays, type RelatedStay } from './related-stays.ts';
export { NONE_KEPT, StayCache, type KeptStays, type StayInMemory } from './stay-cache.ts';
export { StayEvents, staysOfPersons } from './stay-events.ts';
export {
  JOINED_STAYS,
  PERSON_EVENT_TABLE,
  STAY_STATEMENTS,
  StayStore,
  type Reader,
  type StayRow,
  type StoredPersons,
} from './stay-store.ts';
