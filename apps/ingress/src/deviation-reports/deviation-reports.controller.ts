import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Caller } from '#libs/county';
import { readDeviationReport } from '#libs/forms';
import { CurrentCaller, Described, objectOf, Operation, TEXT, type HttpRequest } from '#libs/http';
import { HttpIntake } from '../answered-requests/http-intake.ts';
import { answered, bytesOf, FORM_PARTS, keyOf, refusedForm, taken, type FormParts } from '../form-requests.ts';

/** Reports of deviations by people (rules 6.3; AVV-01). */
@Controller('deviation-reports')
export class DeviationReportsController {
  readonly #intake: HttpIntake;
  readonly #parts: FormParts;

  constructor(@Inject(HttpIntake) intake: HttpIntake, @Inject(FORM_PARTS) parts: FormParts) {
    this.#intake = intake;
    this.#parts = parts;
  }

  /**
   * Body: `schemas/forms/deviation-report.json`. 202 with the report's id, by which it can be taken back; whether the stay is
   * the reporter's is for the watcher to know, and the answer is the same for one that is not.
   */
  @Post()
  @Operation('deviation-reports')
  @Described({
    summary: 'A person reports a deviation; Idempotency-Key required',
    body: { 'application/json': { $ref: 'https://bryggan.example/schemas/forms/deviation-report.json' } },
    answer: { 'application/json': objectOf({ id: TEXT }) },
  })
  async report(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: ServerResponse,
    @CurrentCaller() caller: Caller,
  ): Promise<string> {
    const { ids } = this.#parts;
    const key = keyOf(request);
    const bytes = await bytesOf(request);
    const read = readDeviationReport(bytes);
    if (!read.ok) return refusedForm(response, read.faults);
    const { stay } = read.value;
    const answer = await this.#intake.take({
      ...{ sender: caller.party, id: ids.inbound(caller.party, bytes, key), names: [`deviation-report ${key}`] },
      record: {
        ...{ kind: 'deviation-report', bytes, contentType: 'application/json' },
        key: ids.spreadKeyOfReference(stay ?? `${caller.party} ${key}`),
      },
      answer: (id) => taken({ id: ids.event(id, 0) }),
    });
    return answered(response, answer);
  }
}
