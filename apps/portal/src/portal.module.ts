import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { openFhirAnswers } from './fhir-api/fhir-answers.ts';
import type { FhirAnswers } from './fhir-api/fhir-message.ts';
import { FHIR_ANSWERS, FhirController } from './fhir-api/fhir.controller.ts';
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

/** Closes with the application what reads. */
class ReaderLife implements OnApplicationShutdown {
  readonly #readers: readonly Closable[];

  constructor(readers: readonly Closable[]) {
    this.#readers = readers;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.#readers.map((reader) => reader.close()));
  }
}

interface Closable {
  close(): Promise<void>;
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
  /** @param elsewhere what answers the FHIR API, when that is not done in this thread; who made it closes it */
  static register(parts: PortalParts, elsewhere?: FhirAnswers): DynamicModule {
    const { clock, configuration, county, log } = parts;
    const reader = new ViewReader(configuration.database.url);
    const here = elsewhere ? undefined : openFhirAnswers(parts);
    return {
      module: PortalModule,
      imports: [
        PagesModule.register({
          ...{ databaseUrl: configuration.database.url, clock, log, openId: configuration.openId },
          county,
        }),
      ],
      controllers: [FhirController, RejectionsController],
      providers: [
        { provide: REJECTIONS, useValue: (question: RejectionQuestion) => reader.rejections(question) },
        { provide: FHIR_ANSWERS, useValue: elsewhere ?? here },
        { provide: ReaderLife, useValue: new ReaderLife(here ? [reader, here] : [reader]) },
      ],
    };
  }
}
