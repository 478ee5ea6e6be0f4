import { Controller, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { CurrentCaller, Described, DirectHandlers, Operation, readBytes, refuse, type HttpRequest } from '#libs/http';
import type { Caller } from '#libs/county';
import { fault, isFault } from '#libs/platform';
import { sendAnswer } from '../answered-requests/http-intake.ts';
import { ReadTurns } from '../bytes-in-flight.ts';
import { FHIR_CONTENT_TYPE, FhirMessages, type Answering } from './fhir-messages.ts';

/** Kafka takes a million bytes in a record; a message of the profiles has some thousands. */
const MOST_BYTES = 900_000;
/** JSON in UTF-8 and nothing else: XML is refused, and so is anything packed, whose size nobody knows. */
const JSON_TYPE = /^application\/(?:fhir\+)?json(?:\s*;\s*(?:charset="?utf-8"?|fhirversion=4\.0))*$/i;

/** Messages that are read in one round of the event loop: each takes some tenths of a millisecond. */
const MESSAGES_PER_ROUND = 16;

const MESSAGE = {
  type: 'object',
  required: ['resourceType', 'type', 'entry'],
  properties: { resourceType: { const: 'Bundle' }, type: { const: 'message' }, entry: { type: 'array' } },
};

/** `POST /fhir/$process-message`. */
@Controller('fhir')
export class FhirMessagesController {
  readonly #messages: FhirMessages;
  /**
   * Many senders' messages come at once, for they were answered at once. Were all of them read in one round of the event loop, what
   * PostgreSQL and Kafka have said meanwhile of those before would be heard at its end, and then nobody had work.
   */
  readonly #turns = new ReadTurns(MESSAGES_PER_ROUND);

  constructor(@Inject(FhirMessages) messages: FhirMessages, @Inject(DirectHandlers) direct: DirectHandlers) {
    this.#messages = messages;
    direct.add('POST /fhir/$process-message', [this, 'process'], (request, response, caller) =>
      this.process(request, response, caller),
    );
  }

  @Post('$process-message')
  @Operation('fhir-process-message')
  @HttpCode(200)
  @Described({
    summary:
      'Takes a FHIR message in and acknowledges it; with async=true later, at response-url. The kinds: schemas/fhir.',
    body: { [FHIR_CONTENT_TYPE]: MESSAGE },
    answer: { [FHIR_CONTENT_TYPE]: MESSAGE },
  })
  async process(
    @Req() request: HttpRequest,
    @Res() response: ServerResponse,
    @CurrentCaller() caller: Caller,
    @Query('async') deferred?: unknown,
    @Query('response-url') address?: unknown,
  ): Promise<void> {
    const answering = answeringOf(deferred, address);
    const { 'content-type': type = '', 'content-encoding': packed = 'identity' } = request.headers;
    if (!JSON_TYPE.test(type.trim()) || packed.toLowerCase() !== 'identity') refuse(fault('unsupported-media'));
    const bytes = await readBytes(request, MOST_BYTES);
    await new Promise<void>((read) => this.#turns.wait(read));
    const answer = await this.#messages.take(bytes, caller, answering);
    if (isFault(answer)) refuse(answer);
    sendAnswer(response, answer);
  }
}

/** What the address asks (R4's operation): a value that is none, or stands twice, is refused and not guessed. */
function answeringOf(deferred: unknown, address: unknown): Answering {
  if (deferred !== 'true' && deferred !== 'false' && deferred !== undefined) refuse(fault('bad-parameter', 'async'));
  if (typeof address !== 'string' && address !== undefined) refuse(fault('bad-parameter', 'response-url'));
  return { isDeferred: deferred === 'true', ...(typeof address === 'string' && { address }) };
}
