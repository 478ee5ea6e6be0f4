/** The FHIR package of schemas/fhir: its name, its version, and the gzipped archive. */
export function fhirPackage(): { name: string; version: string; bytes: Buffer };
/** Writes the package into a folder. @returns the path of its file */
export function writeFhirPackage(folder: string): string;
