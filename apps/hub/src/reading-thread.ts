import type { AppParts } from '#libs/hosting';
import type { FhirAnswers, FhirRequest, WrittenAnswer } from '../../portal/src/index.ts';
import { HubThread } from './hub-thread.ts';

/** What the thread of the FHIR API is asked. */
export type ReadingQuestions = {
  readonly answer: { readonly argument: FhirRequest; readonly answer: WrittenAnswer };
};

/**
 * The FHIR API's reads in a thread of their own: however much a caller asks for, it is looked up, read and written there, and
 * the consumers of the hub, which have to tell Kafka every moment that they live, get the bytes.
 */
export class ReadingThread implements FhirAnswers {
  readonly #thread: HubThread<ReadingQuestions>;

  constructor(parts: AppParts) {
    this.#thread = new HubThread('reading-worker', parts);
  }

  answer(request: FhirRequest): Promise<WrittenAnswer> {
    return this.#thread.ask('answer', request);
  }

  /** Ends the thread, in a few seconds at most. */
  end(): Promise<void> {
    return this.#thread.end();
  }
}
