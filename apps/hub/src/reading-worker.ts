import { openFhirAnswers } from '../../portal/src/index.ts';
import { runWorker } from './hub-worker.ts';
import type { ReadingQuestions } from './reading-thread.ts';

/** The thread of the hub's FHIR API: reads the portal's views with connections of its own. */
runWorker<ReadingQuestions>((parts) => {
  const fhir = openFhirAnswers(parts);
  return { answers: { answer: (request) => fhir.answer(request) }, close: () => fhir.close() };
});
