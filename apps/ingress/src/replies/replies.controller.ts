import { Controller, Inject, Param, Post, Put, Req, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Caller } from '#libs/county';
import { localDate } from '#libs/domain';
import { readReplyForm, readTaskReply, replyFaults, type Reading, type ReplyForm } from '#libs/forms';
import { CurrentCaller, Described, objectOf, Operation, refuse, TEXT, type HttpRequest } from '#libs/http';
import { fault } from '#libs/platform';
import { HttpIntake } from '../answered-requests/http-intake.ts';
import { answered, bytesOf, FORM_PARTS, keyOf, refusedForm, taken, type FormParts } from '../form-requests.ts';

const JSON_BYTES = 'application/json';
const TAKEN = { 'application/json': objectOf({ id: TEXT, stay: TEXT, about: TEXT }) };

/** Answers of parties by HTTP (contract 3): as JSON, and as a FHIR update of the Task. Both end as one reply. */
@Controller()
export class RepliesController {
  readonly #intake: HttpIntake;
  readonly #parts: FormParts;

  constructor(@Inject(HttpIntake) intake: HttpIntake, @Inject(FORM_PARTS) parts: FormParts) {
    this.#intake = intake;
    this.#parts = parts;
  }

  /** Body: `schemas/forms/reply.json`. 202 with the id by which the reply can be taken back; 4xx with all that is wrong. */
  @Post('replies')
  @Operation('replies')
  @Described({
    summary: 'A party answers a notice; Idempotency-Key required',
    body: { 'application/json': { $ref: 'https://bryggan.example/schemas/forms/reply.json' } },
    answer: TAKEN,
  })
  async reply(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: ServerResponse,
    @CurrentCaller() caller: Caller,
  ): Promise<string> {
    const key = keyOf(request);
    const bytes = await bytesOf(request);
    return this.#take(caller, response, { kind: 'reply', bytes, key, read: readReplyForm(bytes) });
  }

  /**
   * A Task whose focus is the notice: `accepted` acknowledges it, `in-progress` says that planning has begun, `rejected`
   * returns it, to its new owner where it names one. The same Task once more is the same reply.
   */
  @Put('fhir/Task/:id')
  @Operation('task-replies')
  @Described({
    summary: 'A party answers a notice by its Task: accepted, in-progress, rejected',
    body: { 'application/fhir+json': { type: 'object' } },
    answer: TAKEN,
  })
  async task(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: ServerResponse,
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
  ): Promise<string> {
    const bytes = await bytesOf(request);
    const read = readTaskReply(bytes, caller.party);
    if (read.ok && read.value.taskId !== id) refuse(fault('bad-form', '$.id'));
    const form: Reading<ReplyForm> = read.ok ? { ok: true, value: read.value.form } : read;
    return this.#take(caller, response, { kind: 'task-reply', bytes, key: `task ${id}`, read: form });
  }

  async #take(caller: Caller, response: ServerResponse, said: Said): Promise<string> {
    const { clock, county, ids } = this.#parts;
    const { bytes, key, kind, read } = said;
    if (!read.ok) return refusedForm(response, read.faults);
    const today = localDate(clock.now());
    const party = county.directory.party(caller.party, today);
    if (party === undefined) return refuse(fault('forbidden'));
    const [first, ...rest] = replyFaults(
      read.value,
      party,
      (other) => county.directory.party(other, today) !== undefined,
    );
    if (first !== undefined) return refusedForm(response, [first, ...rest]);
    const answer = await this.#intake.take({
      ...{ sender: caller.party, id: ids.inbound(caller.party, bytes, key) },
      // A Task has no key of its own: another state of it is another reply.
      names: kind === 'reply' ? [`reply ${key}`] : [],
      record: { kind, key: ids.spreadKeyOfReference(read.value.stay), bytes, contentType: JSON_BYTES },
      answer: (id) => taken({ id: ids.event(id, 0), stay: read.value.stay, about: read.value.about }),
    });
    return answered(response, answer);
  }
}

interface Said {
  readonly kind: 'reply' | 'task-reply';
  readonly bytes: Buffer;
  readonly key: string;
  readonly read: Reading<ReplyForm>;
}
