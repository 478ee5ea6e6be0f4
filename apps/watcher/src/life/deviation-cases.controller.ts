import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Caller } from '#libs/county';
import { readCaseAct } from '#libs/forms';
import { CurrentCaller, Described, objectOf, Operation, readBytes, refuse, TEXT, type HttpRequest } from '#libs/http';
import { fault, isFault, isUuid, type Fault } from '#libs/platform';
import { readCaseQuestion } from './case-view.ts';
import { DeviationCases } from './deviation-cases.ts';

const MOST_BYTES = 65_536;
const CASE = { type: 'object', required: ['id', 'version', 'state', 'code', 'you', 'acts'] } as const;

/** Cases of deviations: what a caller may see of them, and what it does with them (`docs/deviation-cases.md`). */
@Controller('deviation-cases')
export class DeviationCasesController {
  readonly #cases: DeviationCases;

  constructor(@Inject(DeviationCases) cases: DeviationCases) {
    this.#cases = cases;
  }

  @Get()
  @Operation('deviation-cases')
  @Described({
    summary: 'Cases that the caller may see, last changed first, 50 at a time',
    answer: { 'application/json': objectOf({ cases: { type: 'array', items: CASE }, next: TEXT }, ['next']) },
  })
  async list(@CurrentCaller() caller: Caller, @Query() query: Readonly<Record<string, unknown>>): Promise<object> {
    const question = readCaseQuestion(query, caller);
    return isFault(question) ? refuse(question) : this.#cases.list(caller, question);
  }

  @Get(':id')
  @Operation('deviation-cases')
  @Described({ summary: 'One case, with its history', answer: { 'application/json': CASE } })
  async one(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<object> {
    return told(await this.#cases.one(caller, idOf(id)));
  }

  @Post(':id/acts')
  @HttpCode(202)
  @Operation('deviation-case-acts')
  @Described({
    summary: 'Does something with a case; 409 when it is not as the version says, or the act is not one of its state',
    body: { 'application/json': { $ref: 'https://bryggan.example/schemas/forms/case-act.json' } },
    answer: { 'application/json': objectOf({ act: TEXT }) },
  })
  async act(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: ServerResponse,
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
  ): Promise<object> {
    const read = readCaseAct(await readBytes(request, MOST_BYTES));
    if (!read.ok) return refuse(read.faults[0]);
    response.setHeader('cache-control', 'no-store');
    const act = await this.#cases.act(caller, idOf(id), read.value);
    return isFault(act) ? refuse(act) : { act };
  }
}

function idOf(text: string): string {
  return isUuid(text) ? text : refuse(fault('not-found'));
}

function told(answer: object | Fault): object {
  return isFault(answer) ? refuse(answer) : answer;
}
