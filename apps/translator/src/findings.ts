import { fault, type Fault, type FaultName } from '#libs/platform';

/**
 * What is wrong with one message, gathered while it is read: the sender is told all of it at once. Any finding sends
 * the message to `rejected`; a reader that finds a fault reads on as if the field had been empty.
 */
export class Findings {
  readonly faults: Fault[] = [];

  /** Notes a fault and its place (`PID-3`). */
  add(name: FaultName, place: string): void {
    this.faults.push(fault(name, place));
  }
}
