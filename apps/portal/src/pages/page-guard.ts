import { Inject, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { HTTP_PARTS, PublicAddress, readBody, readBytes, refuse, type HttpParts } from '#libs/http';
import { fault } from '#libs/platform';
import { cookieOf, type PageRequest, type PageRole, type PageUser, roleOf } from './page-request.ts';
import { isOwnForm, Sessions, type Session } from './sign-in/sessions.ts';

export const SESSION_COOKIE = 'bryggan-session';
const MOST_FORM_BYTES = 65_536;
const ROLES = Symbol('roles of a page');
const FILES = Symbol('bytes of the files that a form sends');

/** A form that sends files, of so many bytes at most: each is a field with its text. */
export const SendsFiles = (most: number): MethodDecorator => SetMetadata(FILES, most);

/** Whose page a handler makes. */
export const PageFor = (...roles: PageRole[]): MethodDecorator => SetMetadata(ROLES, roles);

/** The person has to sign in, or to choose an assignment, before this page: the filter sends the browser there. */
export class SignInFirst extends Error {
  readonly address: '/logga-in' | '/uppdrag';

  constructor(address: '/logga-in' | '/uppdrag') {
    super(address);
    this.name = 'SignInFirst';
    this.address = address;
  }
}

/**
 * Who asks for a page: by the session's cookie, the assignment in use, and the directory's word on its unit. A form is taken
 * only when this session made it. A page of another role is not there.
 */
@Injectable()
export class PageGuard implements CanActivate {
  readonly #sessions: Sessions;
  readonly #reflector: Reflector;
  readonly #parts: HttpParts;
  readonly #address: PublicAddress;

  constructor(
    @Inject(Sessions) sessions: Sessions,
    @Inject(Reflector) reflector: Reflector,
    @Inject(HTTP_PARTS) parts: HttpParts,
    @Inject(PublicAddress) address: PublicAddress,
  ) {
    this.#sessions = sessions;
    this.#reflector = reflector;
    this.#parts = parts;
    this.#address = address;
  }

  /** @throws SignInFirst; RefusedRequest 403 for a form of another site, 404 for another role's page */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<PageRequest>();
    const id = cookieOf(request, SESSION_COOKIE);
    const session = id === undefined ? undefined : await this.#sessions.use(id);
    if (session === undefined) throw new SignInFirst('/logga-in');
    if (request.method === 'POST') {
      const files = this.#reflector.get<number | undefined>(FILES, context.getHandler());
      await this.#requireOwnForm(request, session, files);
    }
    const user = this.#userOf(session);
    if (user === undefined) throw new SignInFirst('/uppdrag');
    const roles = this.#reflector.get<readonly PageRole[] | undefined>(ROLES, context.getHandler());
    if (roles !== undefined && !roles.includes(roleOf(user))) refuse(fault('not-found'));
    request.pageUser = user;
    return true;
  }

  async #requireOwnForm(request: PageRequest, session: Session, files: number | undefined): Promise<void> {
    const { origin } = request.headers;
    if (origin !== undefined && origin !== new URL(this.#address.baseOf(request)).origin) refuse(fault('forbidden'));
    const form =
      files === undefined
        ? new URLSearchParams(await readBody(request, MOST_FORM_BYTES))
        : await formWithFiles(request, files);
    if (!isOwnForm(session, form.get('form') ?? undefined)) refuse(fault('forbidden'));
    request.form = form;
  }

  #userOf(session: Session): PageUser | undefined {
    const { assignment, subject, name } = session;
    const caller = assignment && this.#parts.callers.byName(assignment.unit);
    return assignment && caller && { subject, name, assignment, caller, session };
  }
}

/** Errors: 400 for what is no form of this kind, 413. */
async function formWithFiles(request: PageRequest, most: number): Promise<URLSearchParams> {
  const type = request.headers['content-type'] ?? '';
  const bytes = await readBytes(request, most);
  const sent = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch(() => refuse(fault('bad-body')));
  const form = new URLSearchParams();
  for (const [name, value] of sent) form.append(name, typeof value === 'string' ? value : await value.text());
  return form;
}
