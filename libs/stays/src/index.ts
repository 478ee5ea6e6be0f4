export { EventSet, type KeptEvent, type SetChange } from './event-set.ts';
export { lockAndLoad, lockStays, type Loading, type LockedStays } from './lock-and-load.ts';
export { patientsIn, protectionOf, relatedStays, type RelatedStay } from './related-stays.ts';
export { NONE_KEPT, StayCache, type KeptStays, type StayInMemory } from './stay-cache.ts';
export { STAY_STATEMENTS, StayStore, type Reader, type StayRow, type StoredPersons } from './stay-store.ts';
