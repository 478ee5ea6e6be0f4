import { Inject, Injectable } from '@nestjs/common';
import type { OperationOutcome } from 'fhir/r4.js';
import { HTTP_PARTS, type HttpParts } from '#libs/http';
import type { PageRequest, PageUser } from './page-request.ts';

/** Something that is wrong with what a person wrote. Swedish. */
export interface FormFault {
  readonly code: string;
  readonly text: string;
  /** Element of the form, `$.need`. */
  readonly place?: string;
}

/** What a resource of the hub answered. */
export interface HubAnswer {
  readonly status: number;
  /** JSON, or the text of anything else. */
  readonly body: unknown;
  /** All that is wrong, when it was refused. */
  readonly faults: readonly FormFault[];
}

/** What is asked of a resource; without a body it is only read. */
export interface HubQuestion {
  readonly path: string;
  /** JSON, unless it is a text, or the bytes, of another type. */
  readonly body?: unknown;
  readonly type?: string;
  /** How long it may take, ms. */
  readonly patience?: number;
  /** Idempotency-Key: the same form once more is the same word. */
  readonly key?: string;
  /** What the answer should be, where there is a choice. */
  readonly accept?: string;
  /** Header `x-reason`: why the operator looks at what is about a person. */
  readonly reason?: string;
  /** Header `x-person`: who at the unit does it, where that goes on the record. */
  readonly person?: string | undefined;
}

/** Longer than a resource waits for Kafka (4 s), so that it is the resource that says what became of it. */
const PATIENCE_MILLIS = 4500;

/** Nobody can tell whether it was stored: the same form may be sent once more. */
const NOT_ANSWERED: HubAnswer = {
  status: 503,
  body: undefined,
  faults: [{ code: 'BRY', text: 'Bryggan svarar inte just nu. Inget har gått förlorat: försök igen om en stund.' }],
};

/**
 * The hub's own HTTP resources, asked in the name of the unit that a signed-in person works for. What is written on a page
 * comes in by the same way as what a party's or a ward's system writes (contract 3), and is held to the same rules: who may,
 * what a form must hold, durable before answered, once however often it is sent.
 */
@Injectable()
export class HubResources {
  readonly #parts: HttpParts;

  constructor(@Inject(HTTP_PARTS) parts: HttpParts) {
    this.#parts = parts;
  }

  /** Asks; what goes wrong on the way is an answer too. */
  async ask(user: PageUser, request: PageRequest, question: HubQuestion): Promise<HubAnswer> {
    const { path, body, key, reason, person, accept, type = 'application/json', patience = PATIENCE_MILLIS } = question;
    const authorization = this.#parts.callers.authorizationOf(user.caller.name);
    if (authorization === undefined) return NOT_ANSWERED;
    try {
      const response = await fetch(`${this.#base(request)}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization,
          ...(body !== undefined && { 'content-type': type }),
          ...(key !== undefined && { 'idempotency-key': key }),
          ...(accept !== undefined && { accept }),
          ...(person !== undefined && { 'x-person': person }),
          ...(reason !== undefined && { 'x-reason': inLatin1(reason) }),
        },
        ...(body !== undefined && { body: sentOf(body) }),
        signal: AbortSignal.timeout(patience),
      });
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      const answered: unknown = isJson ? await response.json() : await response.text();
      return { status: response.status, body: answered, faults: response.ok ? [] : faultsIn(answered) };
    } catch {
      return NOT_ANSWERED;
    }
  }

  /** In the hub every resource is behind the door that this request came through. */
  #base({ socket }: PageRequest): string {
    const { resourcesUrl } = this.#parts.settings;
    if (resourcesUrl !== undefined) return resourcesUrl;
    const host = socket.localAddress ?? '127.0.0.1';
    return `http://${host.includes(':') ? `[${host}]` : host}:${socket.localPort ?? 80}`;
  }
}

const sentOf = (body: unknown): string | Uint8Array<ArrayBuffer> =>
  typeof body === 'string' ? body : body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);

/** A header holds no other letters; a reason is still read when one of them is a question mark. */
const inLatin1 = (text: string): string => text.replace(/[^\x20-\x7e\xa0-\xff]/g, '?');

function faultsIn(body: unknown): FormFault[] {
  const issues = (body as Partial<OperationOutcome> | null)?.issue ?? [];
  return issues.map(({ details, expression }) => ({
    code: details?.coding?.[0]?.code ?? '',
    text: details?.text ?? 'Något är fel.',
    ...(expression?.[0] !== undefined && { place: expression[0] }),
  }));
}
