import { ERRORS, type ErrorEntry, type FaultName } from './errors.ts';

/** An expected failure as a value (style: bugs are exceptions). Holds nothing of what was sent. */
export interface Fault {
  readonly code: ErrorEntry['code'];
  readonly name: FaultName;
  /** Where it went wrong: `PID-3.1`, a FHIRPath, a parameter's name. Never a value. */
  readonly place?: string;
}

const NAMES_BY_CODE = new Map(
  (Object.entries(ERRORS) as [FaultName, ErrorEntry][]).map(([name, entry]) => [entry.code as string, name]),
);

/** A fault of the table, with the place where it was found (`PV1-19`, `$.parties[3]`); never a value of the message. */
export function fault(name: FaultName, place?: string): Fault {
  const { code } = ERRORS[name];
  return place === undefined ? { code, name } : { code, name, place };
}

/** The line of the table for a fault or a name. */
export function entryOf(of: Fault | FaultName): ErrorEntry {
  return ERRORS[typeof of === 'string' ? of : of.name];
}

/** Back from the code in a header or a record; undefined for a code that this build does not know. */
export function faultOfCode(code: string, place?: string): Fault | undefined {
  const name = NAMES_BY_CODE.get(code);
  return name === undefined ? undefined : fault(name, place);
}

/** True for a value made by `fault`: its name is in the table and its code belongs to the name. */
export function isFault(value: unknown): value is Fault {
  if (typeof value !== 'object' || value === null || !('code' in value) || !('name' in value)) return false;
  return typeof value.code === 'string' && NAMES_BY_CODE.get(value.code) === value.name;
}

/** Thrown by a handler for a record that is not what its topic promises. Its message is the place: an element, never content. */
export class UnreadableRecord extends Error {
  readonly fault: Fault;

  constructor(place: string, name: FaultName = 'undecodable-record') {
    super(place);
    this.fault = fault(name, place);
  }
}
