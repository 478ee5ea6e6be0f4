export * from './agreement.ts';
export * from './callers.ts';
export * from './default-dialect.ts';
export { CountyError, directoryOf, loadCounty, type County, type CountyCaller, type TestPerson } from './county.ts';
export * from './field-path.ts';
export { FilePersonRegister, type PersonRegister, type RegisteredPerson } from './person-register.ts';
export { CurrentCounty, type CountyListener } from './current-county.ts';
export { ADDRESS_SCHEMA, PARTIES_SCHEMA, readDirectory, type DirectoryFiles } from './directory-file.ts';
