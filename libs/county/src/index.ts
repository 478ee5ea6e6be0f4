export * from './agreement.ts';
export * from './callers.ts';
export * from './default-dialect.ts';
export { loadCounty, type County, type CountyCaller, type TestPerson } from './county.ts';
export { CurrentCounty, type CountyListener } from './current-county.ts';
export type { CountyParty } from './county-directory.ts';
