export { type Agreement, headerFaults, headerlessFault, termsOf, unitsOf, type Ward } from './agreement.ts';
export * from './callers.ts';
export * from './default-dialect.ts';
export { AddressRegister, PartyDirectory, VersionedDirectory } from '#libs/domain';
export { CountyError, directoryOf, fingerprintOf, loadCounty, type CountyFiles, type CountyFolder } from './county.ts';
export type { County, CountyCaller, SenderNames, TestPerson } from './county.ts';
export { FilePersonRegister, type PersonRegister, type RegisteredPerson } from './person-register.ts';
export { CurrentCounty, type CountyListener } from './current-county.ts';
export { readDirectory, type DirectoryFiles } from './directory-file.ts';
export {
  readAgreementTests,
  type AgreementTest,
  type ExpectedEvent,
  type TestedAgreement,
} from './agreement-tests-file.ts';
