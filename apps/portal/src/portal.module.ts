import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { FHIR_ANSWERS, FhirController } from './fhir-api/fhir.controller.ts';
import { localDate } from '#libs/domain';
import { publicDirectory } from './fhir-api/public-directory.ts';
import { InboundContents } from './pages/operator/inbound-content.ts';
import { PagesModule } from './pages/pages.module.ts';
import { hubView } from './hub-view/hub-view.ts';
import type { Rejection, RejectionQuestion } from './hub-view/rejections.ts';
import { REJECTIONS, RejectionsController } from './hub-view/rejections.controller.ts';
import { partyView } from './party-view/party-view.ts';
import { openPortalReads, type PortalReads } from './portal-reads.ts';
import { HUB_VIEW, HubViewController, PARTY_VIEW, PartyViewController, type PortalParts } from './views.controller.ts';

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

/** What the portal does with records. `PortalStage` itself is started and stopped by who made it. */
@Module({})
export class PortalViewsModule {
  static register({ clock, county, topics: names }: PortalParts): DynamicModule {
    const directory = publicDirectory(county, localDate(clock.now()));
    return {
      module: PortalViewsModule,
      controllers: [PartyViewController, HubViewController],
      providers: [
        { provide: PARTY_VIEW, useValue: partyView({ names, clock, isPublic: (id) => directory.has(id) }) },
        { provide: HUB_VIEW, useValue: hubView({ names, clock }) },
      ],
    };
  }
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
