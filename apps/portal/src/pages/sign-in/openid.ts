import * as openid from 'openid-client';
import type { OpenIdSettings } from '#libs/platform';

/** One of the assignments with which a person works: for a unit, which is a caller of the directory. */
export interface Assignment {
  readonly id: string;
  /** Name of a caller (contract 1): a party, `sender:<id>`, `operator`, `storsthlm`. */
  readonly unit: string;
  /** As the person knows it: `Handläggare, Solna stad`. */
  readonly title: string;
  /** The person has it to control the unit's log (SEC-20), and for nothing else. */
  readonly controlsLog?: true;
}

/** Who has signed in, as the provider says. */
export interface SignedIn {
  readonly subject: string;
  readonly name: string;
  readonly assignments: readonly Assignment[];
}

/** What the browser keeps between leaving for the provider and coming back; worth nothing to anybody else. */
export interface PendingSignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/**
 * The sign-in of the pages by OpenID Connect: code flow with PKCE, `state` against forged answers, `nonce` against replayed
 * ones. The provider is asked for its addresses at the first sign-in, and again after a failure.
 */
export class OpenIdSignIn {
  readonly #settings: OpenIdSettings;
  #found: Promise<openid.Configuration> | undefined;

  constructor(settings: OpenIdSettings) {
    this.#settings = settings;
  }

  /**
   * Begins a sign-in.
   * @param redirectUri where the provider sends the browser back to
   * @throws when the provider does not answer
   */
  async begin(redirectUri: string): Promise<{ readonly pending: PendingSignIn; readonly address: string }> {
    const verifier = openid.randomPKCECodeVerifier();
    const pending = { state: openid.randomState(), nonce: openid.randomNonce(), verifier };
    const address = openid.buildAuthorizationUrl(await this.#configuration(), {
      redirect_uri: redirectUri,
      scope: 'openid profile bryggan',
      code_challenge: await openid.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: pending.state,
      nonce: pending.nonce,
      // A ward's computer is shared: whoever comes next signs in, and is not taken for the one before.
      prompt: 'login',
    });
    return { pending, address: address.href };
  }

  /**
   * Ends a sign-in.
   * @param answer the whole address that the provider sent the browser to
   * @throws when the answer is not the one to `pending`, or the provider does not stand by it
   */
  async finish(answer: URL, { state, nonce, verifier }: PendingSignIn): Promise<SignedIn> {
    const tokens = await openid.authorizationCodeGrant(await this.#configuration(), answer, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: verifier,
    });
    const claims = tokens.claims();
    if (claims === undefined) throw new Error('no id token');
    const name = typeof claims['name'] === 'string' ? claims['name'] : claims.sub;
    return { subject: claims.sub, name, assignments: assignmentsIn(claims['assignments']) };
  }

  #configuration(): Promise<openid.Configuration> {
    this.#found ??= this.#discover().catch((error: unknown) => {
      this.#found = undefined;
      throw error;
    });
    return this.#found;
  }

  #discover(): Promise<openid.Configuration> {
    const { issuer, clientId, clientSecret } = this.#settings;
    const address = new URL(issuer);
    // Plain HTTP is taken for this machine alone (`readOpenId`), which the library marks as deprecated for all others.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    const execute = address.protocol === 'http:' ? [openid.allowInsecureRequests] : [];
    return openid.discovery(address, clientId, clientSecret, undefined, { execute });
  }
}

const ID = /^[A-Za-z0-9:._-]{1,80}$/;

/** What is no assignment is left out: a person with none sees nothing. */
function assignmentsIn(claim: unknown): Assignment[] {
  if (!Array.isArray(claim)) return [];
  return claim.slice(0, 50).flatMap((one: unknown) => {
    if (typeof one !== 'object' || one === null) return [];
    const { id, unit, title, controlsLog } = one as Record<string, unknown>;
    if (typeof id !== 'string' || typeof unit !== 'string' || !ID.test(id) || !ID.test(unit)) return [];
    const named = { id, unit, title: typeof title === 'string' ? title.slice(0, 200) : unit };
    return [{ ...named, ...(controlsLog === true && { controlsLog }) }];
  });
}
