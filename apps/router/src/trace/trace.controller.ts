import { Controller, Get, Headers, Inject, Param } from '@nestjs/common';
import { CurrentCaller, Operation, refuse } from '#libs/http';
import type { Caller } from '#libs/county';
import { isFault } from '#libs/platform';
import type { StayTrace } from './stay-trace.ts';
import type { TraceReader } from './trace-reader.ts';

export const TRACE_READER = Symbol('trace reader');

/** `GET /operations/traces/<stay>` with the header `x-reason`: a reason in the URL would end up in logs. */
@Controller('operations/traces')
export class TraceController {
  readonly #reader: TraceReader;

  constructor(@Inject(TRACE_READER) reader: TraceReader) {
    this.#reader = reader;
  }

  @Get(':stay')
  @Operation('operations-trace')
  async read(
    @CurrentCaller() caller: Caller,
    @Param('stay') stayId: string,
    @Headers('x-reason') reason: string | undefined,
  ): Promise<StayTrace> {
    const found = await this.#reader.read({ caller, stayId, reason });
    return isFault(found) ? refuse(found) : found;
  }
}
