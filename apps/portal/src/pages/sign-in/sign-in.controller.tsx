import { Controller, Get, Inject, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { VNode } from 'preact';
import type { ServerResponse } from 'node:http';
import { Operation, PublicAddress, readBody } from '#libs/http';
import { type Log } from '#libs/platform';
import { Page, sendPage } from '../layout/page.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PageGuard, SESSION_COOKIE } from '../page-guard.ts';
import {
  cookieOf,
  ownAddress,
  type PageRequest,
  type PageRole,
  type PageUser,
  roleOf,
  sendOn,
  setCookie,
  User,
} from '../page-request.ts';
import type { OpenIdSignIn, PendingSignIn } from './openid.ts';
import { isOwnForm, Sessions, type Session } from './sessions.ts';

/** The sign-in, when a provider is set. */
export const SIGN_IN = Symbol('sign-in');
export const PAGES_LOG = Symbol('log of the pages');

const PENDING_COOKIE = 'bryggan-sign-in';
/** How long a person may take at the provider. */
const PENDING_SECONDS = 600;

const FIRST_PAGE: Readonly<Record<PageRole, string>> = {
  party: '/inkorg',
  sender: '/avdelning',
  operator: '/drift',
  observer: '/avvikelser',
  'log-controller': '/logg',
};

/** Comes in, chooses an assignment, goes out. */
@Controller()
@UseFilters(PageFilter)
export class SignInController {
  readonly #signIn: OpenIdSignIn | undefined;
  readonly #sessions: Sessions;
  readonly #address: PublicAddress;
  readonly #log: Log;

  constructor(
    @Inject(SIGN_IN) signIn: { readonly openId: OpenIdSignIn | undefined },
    @Inject(Sessions) sessions: Sessions,
    @Inject(PublicAddress) address: PublicAddress,
    @Inject(PAGES_LOG) log: Log,
  ) {
    this.#signIn = signIn.openId;
    this.#sessions = sessions;
    this.#address = address;
    this.#log = log;
  }

  @Get()
  @Operation('pages')
  async first(@Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const session = await this.#session(request);
    if (session) sendOn(response, '/hem');
    else sendPage(response, <Welcome isOpen={this.#signIn !== undefined} />);
  }

  @Get('hem')
  @Operation('pages')
  @UseGuards(PageGuard)
  home(@User() user: PageUser, @Res() response: ServerResponse): void {
    sendOn(response, FIRST_PAGE[roleOf(user)]);
  }

  @Get('logga-in')
  @Operation('pages')
  async begin(@Req() request: PageRequest, @Res() response: ServerResponse, @Query('till') to: unknown): Promise<void> {
    const begun = await this.#signIn
      ?.begin(this.#returnAddress(request))
      .catch((error: unknown) => this.#failed('begin', error));
    if (begun === undefined) {
      sendPage(response, <SignInFailed />, 503);
      return;
    }
    const value = JSON.stringify({ ...begun.pending, to: ownAddress(typeof to === 'string' ? to : undefined) });
    setCookie(response, { name: PENDING_COOKIE, value, secure: this.#isSecure(request), seconds: PENDING_SECONDS });
    sendOn(response, begun.address);
  }

  @Get('inloggad')
  @Operation('pages')
  async finish(@Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const pending = pendingIn(cookieOf(request, PENDING_COOKIE));
    const secure = this.#isSecure(request);
    setCookie(response, { name: PENDING_COOKIE, value: '', secure, seconds: 0 });
    const answer = new URL(request.originalUrl ?? '/', this.#returnAddress(request));
    const signedIn =
      pending && (await this.#signIn?.finish(answer, pending).catch((error: unknown) => this.#failed('finish', error)));
    if (!signedIn) {
      sendPage(response, <SignInFailed />, 400);
      return;
    }
    const old = cookieOf(request, SESSION_COOKIE);
    if (old !== undefined) await this.#sessions.end(old);
    const id = await this.#sessions.begin(signedIn);
    setCookie(response, { name: SESSION_COOKIE, value: id, secure });
    sendOn(response, pending.to);
  }

  @Get('uppdrag')
  @Operation('pages')
  async assignments(
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Query('till') to: unknown,
  ): Promise<void> {
    const session = await this.#session(request);
    if (session === undefined) sendOn(response, '/');
    else sendPage(response, <Assignments session={session} to={ownAddress(typeof to === 'string' ? to : undefined)} />);
  }

  @Post('uppdrag')
  @Operation('pages')
  async choose(@Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const form = await this.#ownForm(request);
    const id = cookieOf(request, SESSION_COOKIE);
    if (form && id !== undefined) await this.#sessions.choose(id, form.get('uppdrag') ?? '');
    sendOn(response, form ? ownAddress(form.get('till') ?? undefined) : '/');
  }

  @Post('logga-ut')
  @Operation('pages')
  async out(@Req() request: PageRequest, @Res() response: ServerResponse): Promise<void> {
    const form = await this.#ownForm(request);
    const id = cookieOf(request, SESSION_COOKIE);
    // Another site's form takes no cookie away either: it would sign the person out, and the session would go on without its owner.
    if (form && id !== undefined) {
      await this.#sessions.end(id);
      setCookie(response, { name: SESSION_COOKIE, value: '', secure: this.#isSecure(request), seconds: 0 });
    }
    sendOn(response, '/');
  }

  async #session(request: PageRequest): Promise<Session | undefined> {
    const id = cookieOf(request, SESSION_COOKIE);
    return id === undefined ? undefined : this.#sessions.use(id);
  }

  /** The form of a session without an assignment too; undefined for another site's. */
  async #ownForm(request: PageRequest): Promise<URLSearchParams | undefined> {
    const session = await this.#session(request);
    const form = new URLSearchParams(await readBody(request, 65_536));
    return session && isOwnForm(session, form.get('form') ?? undefined) ? form : undefined;
  }

  /** The error's name alone: its message may hold the code that was given. */
  #failed(step: 'begin' | 'finish', error: unknown): undefined {
    this.#log.warn('pages.sign-in-failed', { step, error: error instanceof Error ? error.name : 'unknown' });
  }

  #returnAddress(request: PageRequest): string {
    return `${this.#address.baseOf(request)}/inloggad`;
  }

  #isSecure(request: PageRequest): boolean {
    return this.#address.baseOf(request).startsWith('https:');
  }
}

/** What the browser kept; undefined when it is not ours, as after more than ten minutes. */
function pendingIn(text: string | undefined): (PendingSignIn & { readonly to: string }) | undefined {
  try {
    const { state, nonce, verifier, to } = JSON.parse(text ?? '') as Record<string, unknown>;
    if (typeof state !== 'string' || typeof nonce !== 'string' || typeof verifier !== 'string') return undefined;
    return { state, nonce, verifier, to: ownAddress(typeof to === 'string' ? to : undefined) };
  } catch {
    return undefined;
  }
}

function Welcome({ isOpen }: { readonly isOpen: boolean }): VNode {
  return (
    <Page title="Välkommen">
      <h1>Bryggan</h1>
      <p class="lead">
        Meddelanden mellan slutenvård, kommun och öppenvård när någon skrivs in på sjukhus och ska hem igen.
      </p>
      {isOpen ? (
        <p>
          <a class="ds-button" href="/logga-in">
            Logga in
          </a>
        </p>
      ) : (
        <p class="ds-alert" data-color="info">
          Inloggning är inte inställd i den här installationen.
        </p>
      )}
    </Page>
  );
}

function SignInFailed(): VNode {
  const { text, remedy } = { text: 'Inloggningen gick inte igenom', remedy: 'Försök igen.' };
  return (
    <Page title={text}>
      <h1>{text}</h1>
      <p>Sidan väntade för länge, eller så svarade inloggningstjänsten inte. {remedy}</p>
      <p>
        <a class="ds-button" href="/logga-in">
          Logga in
        </a>
      </p>
    </Page>
  );
}

function Assignments({ session, to }: { readonly session: Session; readonly to: string }): VNode {
  return (
    <Page title="Välj uppdrag">
      <h1>Välj uppdrag</h1>
      {session.assignments.length === 0 && <p>Du har inget uppdrag i Bryggan. Vänd dig till din verksamhetschef.</p>}
      <form method="post" action="/uppdrag" class="choices">
        <input type="hidden" name="form" value={session.formToken} />
        <input type="hidden" name="till" value={to} />
        {session.assignments.map(({ id, title }) => (
          <button key={id} class="ds-button" data-variant="secondary" type="submit" name="uppdrag" value={id}>
            {title}
          </button>
        ))}
      </form>
    </Page>
  );
}
