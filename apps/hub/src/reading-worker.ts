import { openPortalReads } from '../../portal/src/portal-reads.ts';
import { runWorker } from './hub-worker.ts';
import type { ReadingQuestions } from './reading-thread.ts';

/** The thread of what the hub looks up: reads the portal's views with connections of its own. */
await runWorker<ReadingQuestions>(
  (parts) => {
    const reads = openPortalReads(parts);
    return {
      answers: { answer: (request) => reads.answer(request), rejections: (question) => reads.rejections(question) },
      close: () => reads.close(),
    };
  },
  { directory: 'parties' },
);
