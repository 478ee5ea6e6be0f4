import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Caller } from '#libs/county';
import { fault } from '#libs/platform';
import { refuse, RefusedRequest } from './refusal.ts';
import type { BodyRoom } from './request-room.ts';

/** A request as node or express has it; the front adds where its body has room, and the guard who calls. */
export type HttpRequest = IncomingMessage & {
  readonly originalUrl?: string;
  caller?: Caller;
  /** Takes room for so many bytes more of its body; false when there is none. */
  takeRoom?: (bytes: number) => boolean;
};

/** Lets the body of a request have its room in `room`. @returns what gives it back, to be called when it has been answered */
export function roomFor(request: HttpRequest, room: BodyRoom): () => void {
  let taken = { caller: '', bytes: 0 };
  request.takeRoom = (bytes) => {
    const caller = request.caller?.name ?? `address ${request.socket.remoteAddress ?? ''}`;
    if (!room.take(caller, bytes)) return false;
    taken = { caller, bytes: taken.bytes + bytes };
    return true;
  };
  return () => room.give(taken.caller, taken.bytes);
}

/**
 * Reads a body whole, after its caller has been let in: nothing parses bodies in front of the guard.
 * @param most bytes that are taken
 * @throws RefusedRequest when it is larger, breaks off, or is compressed: what it would become is not known before; and when
 *   its caller has too much under way
 */
export async function readBytes(request: HttpRequest, most: number): Promise<Buffer> {
  if ((request.headers['content-encoding'] ?? 'identity') !== 'identity') refuse(fault('unsupported-media'));
  if (Number(request.headers['content-length'] ?? 0) > most) refuse(fault('body-too-large'));
  const chunks: Buffer[] = [];
  let bytes = 0;
  let isRefused = false;
  return new Promise((resolve, reject) => {
    const refused = (name: 'body-too-large' | 'too-many-requests'): void => {
      isRefused = true;
      chunks.length = 0;
      reject(new RefusedRequest(fault(name)));
    };
    // What is too much is read on and dropped: an answer on a connection that still sends would be lost with it.
    request.on('data', (chunk: Buffer) => {
      if (isRefused) return;
      bytes += chunk.length;
      if (bytes > most) refused('body-too-large');
      else if (request.takeRoom?.(chunk.length) === false) refused('too-many-requests');
      else chunks.push(chunk);
    });
    // Every request closes; an error, with its stack, is made only for one that closes before its end.
    request.once('close', () => {
      if (!request.readableEnded) reject(new RefusedRequest(fault('bad-body')));
    });
    // A body of one piece, as nearly all are, is that piece: Node has made it for this request.
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
  });
}

/** As `readBytes`, as text in UTF-8. */
export async function readBody(request: HttpRequest, most: number): Promise<string> {
  return (await readBytes(request, most)).toString('utf8');
}

const MOST_JSON_BYTES = 65_536;

/** The body of a request as a JSON object; none is an empty one. Errors: 400 for what is no JSON object, 413. */
export const JsonBody = createParamDecorator(
  async (_data: unknown, context: ExecutionContext): Promise<Readonly<Record<string, unknown>>> => {
    const text = await readBody(context.switchToHttp().getRequest<HttpRequest>(), MOST_JSON_BYTES);
    return text.trim() === '' ? {} : objectIn(text);
  },
);

function objectIn(text: string): Readonly<Record<string, unknown>> {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(fault('bad-body'));
  return { ...value };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Who calls, as the guard found; only where `PERMISSIONS` asks for a token. */
export const CurrentCaller = createParamDecorator((_data: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<HttpRequest>()),
);

/** Who calls. @throws RefusedRequest (401) when the guard let it in without a token */
export const callerOf = ({ caller }: HttpRequest): Caller => caller ?? refuse(fault('unauthenticated'));
