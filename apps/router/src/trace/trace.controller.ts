import { Controller, Get, Headers, Inject, Param } from '@nestjs/common';
import { CurrentCaller, Described, INSTANT, listOf, objectOf, Operation, refuse, TEXT } from '#libs/http';
import type { Caller } from '#libs/county';
import { isFault } from '#libs/platform';
import type { StayTrace } from './stay-trace.ts';
import type { TraceReader } from './trace-reader.ts';

const TRACE = objectOf({
  stayId: TEXT,
  told: listOf(
    objectOf(
      {
        ...{ delivery: TEXT, kind: TEXT, recipient: TEXT, ground: TEXT, statedBy: TEXT, toldAt: INSTANT },
        lines: listOf(objectOf({ rule: TEXT, text: TEXT })),
        withdrawn: objectOf({ by: TEXT, at: INSTANT, text: TEXT }),
      },
      ['withdrawn'],
    ),
  ),
  withheld: listOf(objectOf({ kind: TEXT, recipient: TEXT, text: TEXT })),
  duties: listOf(objectOf({ code: TEXT, owner: TEXT, due: INSTANT, text: TEXT })),
  findings: listOf(objectOf({ statedBy: TEXT, text: TEXT })),
});

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
  @Described({
    summary: 'Why each notice of a stay was told, withheld, or waits; the reason for asking is kept',
    answer: { 'application/json': TRACE },
  })
  async read(
    @CurrentCaller() caller: Caller,
    @Param('stay') stayId: string,
    @Headers('x-reason') reason: string | undefined,
  ): Promise<StayTrace> {
    const found = await this.#reader.read({ caller, stayId, reason });
    return isFault(found) ? refuse(found) : found;
  }
}
