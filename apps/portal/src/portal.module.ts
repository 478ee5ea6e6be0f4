import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { FHIR_ANSWERS, FhirController } from './fhir-api/fhir.controller.ts';
import { InboundContents } from './pages/operator/inbound-content.ts';
import { PagesModule } from './pages/pages.module.ts';
import type { Rejection, RejectionQuestion } from './hub-view/rejections.ts';
import { REJECTIONS, RejectionsController } from './hub-view/rejections.controller.ts';
import { openPortalReads, type PortalReads } from './portal-reads.ts';
import type { PortalParts } from './views.controller.ts';

/** Closes with the application what reads. */
class ReaderLife implements OnApplicationShutdown {
  readonly #close: () => Promise<void>;

  constructor(close: () => Promise<void>) {
    this.#close = close;
  }

  onApplicationShutdown(): Promise<void> {
    return this.#close();
  }
}

function opened(parts: PortalParts): { readonly reads: PortalReads; readonly close: () => Promise<void> } {
  const reads = openPortalReads(parts);
  return { reads, close: () => reads.close() };
}

/** What the portal shows: the FHIR API, the pages, what was rejected. */
@Module({})
export class PortalModule {
  /** @param elsewhere what looks things up, when that is not done in this thread; who made it closes it */
  static register(parts: PortalParts, elsewhere?: PortalReads): DynamicModule {
    const { clock, configuration, county, ids, kafka, log, topics } = parts;
    const { reads, close } = elsewhere ? { reads: elsewhere, close: () => Promise.resolve() } : opened(parts);
    const rejections = (question: RejectionQuestion): Promise<Rejection[]> => reads.rejections(question);
    return {
      module: PortalModule,
      imports: [
        PagesModule.register({
          ...{ databaseUrl: configuration.database.url, clock, log, openId: configuration.openId },
          ...{ county, ids, rejections, contents: new InboundContents(kafka, topics.inbound) },
        }),
      ],
      controllers: [FhirController, RejectionsController],
      providers: [
        { provide: REJECTIONS, useValue: rejections },
        { provide: FHIR_ANSWERS, useValue: reads },
        { provide: ReaderLife, useValue: new ReaderLife(close) },
      ],
    };
  }
}
