import { Controller, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common';
import { isAscii, isUtf8 } from 'node:buffer';
import type { ServerResponse } from 'node:http';
import { CurrentCaller, Described, Operation, readBytes, refuse, TEXT, type HttpRequest } from '#libs/http';
import { senderCaller, type Caller } from '#libs/county';
import { charsetNamed, HL7_CONTENT_TYPE, readHeader, unframed } from '#libs/hl7v2';
import { entryOf, fault } from '#libs/platform';
import { Hl7v2Intake } from './hl7v2-intake.ts';

/**
 * `POST /hl7v2`: a message, or a batch, as over MLLP without its frame (`x-application/hl7-v2+er7`). The answer is the
 * acknowledgement, in the original mode whatever MSH-15 and MSH-16 say, for a request has one answer. Its status is 200 for AA, else
 * that of the fault (docs/operations.md). Who calls must be the sender of MSH-4; the operator, who mends what was rejected, names the
 * sender in the address and itself in `x-person`: both stand on the record.
 */
@Controller('hl7v2')
export class Hl7v2Controller {
  readonly #intake: Hl7v2Intake;

  constructor(@Inject(Hl7v2Intake) intake: Hl7v2Intake) {
    this.#intake = intake;
  }

  @Post()
  @HttpCode(200)
  @Described({
    summary: 'A message or a batch of HL7 v2, as over MLLP without its frame. The answer is its acknowledgement.',
    body: { [HL7_CONTENT_TYPE]: TEXT },
    answer: { [HL7_CONTENT_TYPE]: TEXT },
  })
  @Operation('hl7v2')
  async take(
    @Req() request: HttpRequest,
    @Res() response: ServerResponse,
    @CurrentCaller() caller: Caller,
    @Query('sender') sender: unknown,
  ): Promise<void> {
    const charset = charsetIn(request.headers['content-type']);
    // In its frame or without, it is the same message as over MLLP, and has the same id.
    const bytes = unframed(await readBytes(request, this.#intake.largest));
    if (charset !== undefined && !agrees(charset, bytes)) refuse(fault('unsupported-media', 'charset'));
    const { name, writtenBy } = writerOf(caller, sender, request.headers['x-person']);
    const { answers, fault: failure } = await this.#intake.take(bytes, name, writtenBy);
    const body = Buffer.concat(answers);
    response.statusCode = body.length === 0 ? 204 : failure === undefined ? 200 : entryOf(failure).http;
    if (response.statusCode === 503) response.setHeader('retry-after', '2');
    if (body.length > 0) response.setHeader('content-type', HL7_CONTENT_TYPE);
    response.end(body);
  }
}

/** Whose message it is, and who wrote it where that is not the sender. Errors: 400 where the operator says neither */
function writerOf({ name, roles }: Caller, sender: unknown, person: unknown): { name: string; writtenBy?: string } {
  if (!roles.includes('operator')) return { name };
  if (typeof sender !== 'string' || sender === '') return refuse(fault('bad-parameter', 'sender'));
  const writtenBy = typeof person === 'string' && PERSON_AT_WORK.test(person) ? `operator/${person}` : 'operator';
  return { name: senderCaller(sender), writtenBy };
}

const PERSON_AT_WORK = /^[A-Za-z0-9@._:-]{1,64}$/;

/** The charset parameter, if any. Errors: 415 for another content type, and for a charset that nobody knows. */
function charsetIn(contentType: string | undefined): string | undefined {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim());
  if (type.toLowerCase() !== HL7_CONTENT_TYPE) refuse(fault('unsupported-media'));
  const stated = parameters.map((one) => /^charset="?([^"]*)"?$/i.exec(one)?.[1]).find((one) => one !== undefined);
  if (stated === undefined) return undefined;
  return charsetNamed(stated) ?? refuse(fault('unsupported-media', 'charset'));
}

/**
 * Whether the parameter says what the message says of itself. The bytes are kept as they came, without HTTP's headers, so that
 * the parameter alone can decide nothing: where it would have to, the message has to say it in MSH-18.
 */
function agrees(charset: string, bytes: Buffer): boolean {
  if (isAscii(bytes)) return true;
  const read = readHeader(bytes);
  const declared = read.ok ? read.value.characterSet : '';
  return declared === '' ? charset === 'UNICODE UTF-8' && isUtf8(bytes) : charsetNamed(declared) === charset;
}
