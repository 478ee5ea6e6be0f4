import { statesTransfer, type StayEvent } from '#libs/domain';

/**
 * The stays of which an event says that the patient was transferred, and the persons of those stays: only their stays can
 * go on in each other (domain.md DEC-08). It only grows: one too many costs reading, one too few would be wrong.
 */
export class Transfers {
  readonly #stays = new Set<string>();
  readonly #persons = new Set<string>();

  /**
   * Takes an event in.
   * @param ofStay the events of its stay, which may know its person by more ids than one
   */
  add(event: StayEvent, ofStay: Iterable<StayEvent>): void {
    if (statesTransfer(event) && !this.#stays.has(event.stayId)) {
      this.#stays.add(event.stayId);
      for (const { patientId } of ofStay) this.#persons.add(patientId);
    }
    if (this.#stays.has(event.stayId)) this.#persons.add(event.patientId);
  }

  /** Persons with a stay with a transfer. */
  get persons(): ReadonlySet<string> {
    return this.#persons;
  }

  concern(persons: readonly string[]): boolean {
    return persons.some((person) => this.#persons.has(person));
  }
}
