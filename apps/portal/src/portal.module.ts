import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { FhirController } from './fhir-api/fhir.controller.ts';
import { FhirServer } from './fhir-api/fhir-server.ts';
import { ViewReader } from './fhir-api/view-reader.ts';
import { localDate } from '#libs/domain';
import { publicDirectory } from './fhir-api/public-directory.ts';
import { PagesModule } from './pages/pages.module.ts';
import { hubView } from './hub-view/hub-view.ts';
import type { RejectionQuestion } from './hub-view/rejections.ts';
import { REJECTIONS, RejectionsController } from './hub-view/rejections.controller.ts';
import { partyView } from './party-view/party-view.ts';
import type { PortalParts } from './portal-stage.ts';
import { HUB_VIEW, HubViewController, PARTY_VIEW, PartyViewController } from './views.controller.ts';

/** Closes the reader's connections with the application. */
class ReaderLife implements OnApplicationShutdown {
  readonly #reader: ViewReader;

  constructor(reader: ViewReader) {
    this.#reader = reader;
  }

  onApplicationShutdown(): Promise<void> {
    return this.#reader.close();
  }
}

/** What the portal does with records, and its read side. `PortalStage` itself is started and stopped by who made it. */
@Module({})
export class PortalModule {
  static register(parts: PortalParts): DynamicModule {
    const { clock, configuration, county, log, topics: names } = parts;
    const reader = new ViewReader(configuration.database.url);
    const directory = publicDirectory(county, localDate(clock.now()));
    return {
      module: PortalModule,
      imports: [
        PagesModule.register({
          ...{ databaseUrl: configuration.database.url, clock, log, openId: configuration.openId },
          nameOf: (id) => county.nameOf(id, localDate(clock.now())) ?? id,
        }),
      ],
      controllers: [FhirController, RejectionsController, PartyViewController, HubViewController],
      providers: [
        { provide: PARTY_VIEW, useValue: partyView({ names, clock, isPublic: (id) => directory.has(id) }) },
        { provide: HUB_VIEW, useValue: hubView({ names, clock }) },
        { provide: REJECTIONS, useValue: (question: RejectionQuestion) => reader.rejections(question) },
        { provide: FhirServer, useValue: new FhirServer({ ...parts, reader }) },
        { provide: ReaderLife, useValue: new ReaderLife(reader) },
      ],
    };
  }
}
