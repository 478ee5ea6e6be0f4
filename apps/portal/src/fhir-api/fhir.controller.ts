import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { FhirServer } from './fhir-server.ts';
import { fhirRequest, send, type Incoming } from './http-exchange.ts';

/** Everything below `/fhir`: routing is FHIR's (interaction.ts), so that also what is not there is answered in FHIR. */
@Controller('fhir')
export class FhirController {
  readonly #server: FhirServer;

  constructor(@Inject(FhirServer) server: FhirServer) {
    this.#server = server;
  }

  @All(['', '*path'])
  async all(@Req() request: Incoming, @Res() response: ServerResponse): Promise<void> {
    send(response, await this.#server.answer(fhirRequest(request)), request.method);
  }
}
