import { mayTell, statesTransfer, type StayEvent } from '#libs/domain';

/**
 * The persons with a stay that may have somebody to hand on: an event of it says that the patient was transferred, and one
 * that there is a need. Only the stays of such a person can go on in each other (DEC-08). It only grows: one too
 * many costs reading, one too few would be wrong.
 */
export class PersonsSentOn {
  readonly #sending = new Set<string>();
  readonly #telling = new Set<string>();
  readonly #ids = new Set<string>();

  /**
   * Takes an event in.
   * @param ofStay the events of its stay, which may know its person by more ids than one
   */
  add(event: StayEvent, ofStay: Iterable<StayEvent>): void {
    const { stayId } = event;
    const before = this.#isSentOn(stayId);
    if (statesTransfer(event)) this.#sending.add(stayId);
    if (mayTell(event)) this.#telling.add(stayId);
    if (!this.#isSentOn(stayId)) return;
    this.#ids.add(event.patientId);
    if (!before) for (const { patientId } of ofStay) this.#ids.add(patientId);
  }

  #isSentOn(stayId: string): boolean {
    return this.#sending.has(stayId) && this.#telling.has(stayId);
  }

  get ids(): ReadonlySet<string> {
    return this.#ids;
  }

  concern(persons: Iterable<string>): boolean {
    return this.#ids.size > 0 && [...persons].some((person) => this.#ids.has(person));
  }
}
