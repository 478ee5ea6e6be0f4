import { All, Controller, Inject, Req, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Operation, PublicAddress, type HttpRequest } from '#libs/http';
import type { FhirAnswers } from './fhir-message.ts';
import { fhirRequest, send } from './http-exchange.ts';

export const FHIR_ANSWERS = Symbol('answers of the FHIR API');

/** Everything below `/fhir`: routing is FHIR's (interaction.ts), so that also what is not there is answered in FHIR. */
@Controller('fhir')
export class FhirController {
  readonly #fhir: FhirAnswers;
  readonly #address: PublicAddress;

  constructor(@Inject(FHIR_ANSWERS) fhir: FhirAnswers, @Inject(PublicAddress) address: PublicAddress) {
    this.#fhir = fhir;
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
    const answer = await this.#fhir.answer(await fhirRequest(request, this.#address.baseOf(request)));
    send(response, answer, request.method);
  }
}
