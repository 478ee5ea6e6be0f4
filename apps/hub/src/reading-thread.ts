import type { AppParts } from '#libs/service';
import type { FhirRequest, WrittenAnswer } from '../../portal/src/fhir-api/fhir-request.ts';
import type { Rejection, RejectionQuestion } from '../../portal/src/hub-view/rejections.ts';
import type { PortalReads } from '../../portal/src/portal-reads.ts';
import { HubThread } from './hub-thread.ts';

/** What the thread that reads is asked. */
export type ReadingQuestions = {
  readonly answer: { readonly argument: FhirRequest; readonly answer: WrittenAnswer };
  readonly rejections: { readonly argument: RejectionQuestion; readonly answer: Rejection[] };
};

/**
 * What the portal looks up, in a thread of its own: however much a caller asks for, it is looked up, read and written there, and
 * the consumers of the hub, which have to tell Kafka every moment that they live, get the bytes.
 */
export class ReadingThread implements PortalReads {
  readonly #thread: HubThread<ReadingQuestions>;

  constructor(parts: AppParts) {
    this.#thread = new HubThread('reading-worker', parts);
  }

  answer(request: FhirRequest): Promise<WrittenAnswer> {
    return this.#thread.ask('answer', request);
  }

  rejections(question: RejectionQuestion): Promise<Rejection[]> {
    return this.#thread.ask('rejections', question);
  }

  /** Ends the thread, in a few seconds at most. */
  end(): Promise<void> {
    return this.#thread.end();
  }
}
