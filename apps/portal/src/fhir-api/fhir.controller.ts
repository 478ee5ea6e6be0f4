import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Operation, PublicAddress, type HttpRequest } from '#libs/http';
import { FhirServer } from './fhir-server.ts';
import { fhirRequest, send } from './http-exchange.ts';

/** Everything below `/fhir`: routing is FHIR's (interaction.ts), so that also what is not there is answered in FHIR. */
@Controller('fhir')
export class FhirController {
  readonly #server: FhirServer;
  readonly #address: PublicAddress;

  constructor(@Inject(FhirServer) server: FhirServer, @Inject(PublicAddress) address: PublicAddress) {
    this.#server = server;
    this.#address = address;
  }

  @All('metadata')
  @Operation('fhir-capabilities')
  capabilities(@Req() request: HttpRequest, @Res() response: ServerResponse): Promise<void> {
    return this.#answer(request, response);
  }

  @All(['', '*path'])
  @Operation('fhir')
  all(@Req() request: HttpRequest, @Res() response: ServerResponse): Promise<void> {
    return this.#answer(request, response);
  }

  async #answer(request: HttpRequest, response: ServerResponse): Promise<void> {
    const answer = await this.#server.answer(fhirRequest(request, this.#address.baseOf(request)));
    send(response, answer, request.method);
  }
}
