import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { FhirController } from './fhir-api/fhir.controller.ts';
import { FhirServer } from './fhir-api/fhir-server.ts';
import { ViewReader } from './fhir-api/view-reader.ts';
import type { PortalParts } from './portal-parts.ts';

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

/** The read side of the portal, for the HTTP application of the hub or of its own; `PortalStage` fills what it reads. */
@Module({})
export class PortalModule {
  static register(parts: PortalParts): DynamicModule {
    const reader = new ViewReader(parts.configuration.database.url);
    return {
      module: PortalModule,
      controllers: [FhirController],
      providers: [
        { provide: FhirServer, useValue: new FhirServer({ ...parts, reader }) },
        { provide: ReaderLife, useValue: new ReaderLife(reader) },
      ],
    };
  }
}
