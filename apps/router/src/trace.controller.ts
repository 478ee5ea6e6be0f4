import { Controller, Get, Headers, HttpException, Inject, Param } from '@nestjs/common';
import { writeOutcome } from '#libs/fhir';
import { entryOf, isFault, type Caller, type Fault } from '#libs/platform';
import type { StayTrace } from './stay-trace.ts';
import type { TraceReader } from './trace-reader.ts';

export const TRACE_READER = Symbol('trace reader');
export const AUTHENTICATE = Symbol('authenticate');

/** `GET /operations/traces/<stay>` with the header `x-reason`: a reason in the URL would end up in logs. */
@Controller('operations/traces')
export class TraceController {
  readonly #reader: TraceReader;
  readonly #authenticate: (authorization: string | undefined) => Caller | undefined;

  constructor(
    @Inject(TRACE_READER) reader: TraceReader,
    @Inject(AUTHENTICATE) authenticate: (authorization: string | undefined) => Caller | undefined,
  ) {
    this.#reader = reader;
    this.#authenticate = authenticate;
  }

  @Get(':stay')
  async read(
    @Param('stay') stayId: string,
    @Headers('authorization') authorization: string | undefined,
    @Headers('x-reason') reason: string | undefined,
  ): Promise<StayTrace> {
    const found = await this.#reader.read({ caller: this.#authenticate(authorization), stayId, reason });
    if (isFault(found)) throw refusal(found);
    return found;
  }
}

function refusal(found: Fault): HttpException {
  const { code, http, issue, severity, text } = entryOf(found);
  const place = found.place === undefined ? {} : { place: found.place };
  return new HttpException(writeOutcome({ code, issueCode: issue, severity, text, ...place }), http);
}
