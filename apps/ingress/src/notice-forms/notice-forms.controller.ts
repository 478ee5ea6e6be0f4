import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Caller } from '#libs/county';
import { localDate } from '#libs/domain';
import { noticeFormFaults, readNoticeForm, visitIdOf } from '#libs/forms';
import { CurrentCaller, Described, objectOf, Operation, TEXT, type HttpRequest } from '#libs/http';
import { HttpIntake } from '../answered-requests/http-intake.ts';
import {
  agreementOf,
  answered,
  bytesOf,
  FORM_PARTS,
  keyOf,
  refusedForm,
  taken,
  type FormParts,
} from '../form-requests.ts';

/** Notices of a ward that has no record system (contract 3): one form per notice. */
@Controller()
export class NoticeFormsController {
  readonly #intake: HttpIntake;
  readonly #parts: FormParts;

  constructor(@Inject(HttpIntake) intake: HttpIntake, @Inject(FORM_PARTS) parts: FormParts) {
    this.#intake = intake;
    this.#parts = parts;
  }

  /**
   * Body: `schemas/forms/notice.json`. 202 with the ids of the notice and of its stay: by `visitId` the ward names the stay
   * in its next form. 4xx with all that is wrong, and nothing is kept: the same key serves the form once it is mended.
   */
  @Post('notices')
  @Operation('notices')
  @Described({
    summary: 'A ward without a record system sends a notice; Idempotency-Key required',
    body: { 'application/json': { $ref: 'https://bryggan.example/schemas/forms/notice.json' } },
    answer: { 'application/json': objectOf({ id: TEXT, stay: TEXT, visitId: TEXT }) },
  })
  async notice(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: ServerResponse,
    @CurrentCaller() caller: Caller,
  ): Promise<string> {
    const { clock, county, ids } = this.#parts;
    const key = keyOf(request);
    const bytes = await bytesOf(request);
    const today = localDate(clock.now());
    const agreement = agreementOf(caller, county, today);
    const read = readNoticeForm(bytes);
    if (!read.ok) return refusedForm(response, read.faults);
    const form = read.value;
    const knows = (party: string): boolean => county.directory.party(party, today) !== undefined;
    const [first, ...rest] = noticeFormFaults(form, { sender: agreement, knows });
    if (first !== undefined) return refusedForm(response, [first, ...rest]);
    const visitId = visitIdOf(form, agreement.id, ids);
    const answer = await this.#intake.take({
      ...{ sender: agreement.id, id: ids.inbound(agreement.id, bytes, key), names: [`notice-form ${key}`] },
      record: {
        ...{ kind: 'notice-form', bytes, contentType: 'application/json' },
        key: ids.spreadKey(agreement.organisation, visitId),
      },
      answer: (id) => taken({ id: ids.event(id, 0), stay: ids.stay(agreement.organisation, visitId), visitId }),
    });
    return answered(response, answer);
  }
}
