import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { type ClientMetadata } from 'oidc-provider';
import type { OpenIdSettings } from '#libs/platform';
import { AdapterInMemory } from './adapter-in-memory.ts';
import type { DemonstrationPerson } from './demonstration-persons.ts';

/** A provider that runs. */
export interface DemonstrationProvider {
  readonly settings: OpenIdSettings;
  /** Names of those who can sign in. */
  readonly persons: readonly string[];
  stop(): Promise<void>;
}

/** Longer than a person looks at the page of names. */
const HOUR_SECONDS = 3600;

/**
 * The OpenID provider of the embedded start: real OpenID Connect, on the loopback, whose sign-in is a choice among persons
 * who do not exist. It keeps nothing: who has come in has a session of the portal, and keys are made anew at each start. A
 * production has its own provider and never starts this one.
 * @param portals addresses at which the portal is reached; it alone may be signed in to
 */
export async function startDemonstrationProvider(
  persons: readonly DemonstrationPerson[],
  portals: readonly string[],
): Promise<DemonstrationProvider> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const settings = { issuer, clientId: 'bryggan', clientSecret: randomBytes(32).toString('base64url') };
  const provider = providerOf(settings, persons, portals);
  const answer = provider.callback();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const interaction = /^\/interaction\/[\w-]+(?:\/([\w-]+))?$/.exec(request.url ?? '');
    if (interaction === null) void answer(request, response);
    else void signIn(provider, persons, interaction[1], request, response).catch(() => response.destroy());
  });
  return { settings, persons: persons.map(({ name }) => name), stop: () => stopped(server) };
}

function providerOf(
  { issuer, clientId, clientSecret }: OpenIdSettings,
  persons: readonly DemonstrationPerson[],
  portals: readonly string[],
): Provider {
  const client: ClientMetadata = {
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: portals.map((portal) => `${portal}/inloggad`),
    grant_types: ['authorization_code'],
    response_types: ['code'],
  };
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return new Provider(issuer, {
    adapter: AdapterInMemory,
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', kid: 'start' }] },
    clients: [client],
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    claims: { openid: ['sub'], profile: ['name'], bryggan: ['assignments'] },
    scopes: ['openid', 'profile', 'bryggan'],
    // The portal reads the id token alone, as it comes from providers of the health services too.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
    ttl: {
      Interaction: HOUR_SECONDS,
      Session: 60,
      Grant: HOUR_SECONDS,
      AccessToken: 60,
      IdToken: 300,
      AuthorizationCode: 60,
    },
    findAccount: (_context, id) => {
      const person = persons.find((one) => one.id === id);
      return (
        person && { accountId: id, claims: () => ({ sub: id, name: person.name, assignments: person.assignments }) }
      );
    },
    // The one client is our own portal: nobody is asked whether it may know who signs in.
    loadExistingGrant: async (context) => {
      const { oidc } = context;
      const grant = new oidc.provider.Grant({ accountId: oidc.session?.accountId ?? '', clientId });
      grant.addOIDCScope('openid profile bryggan');
      await grant.save();
      return grant;
    },
  });
}

/** The page of names, or the choice of one of them. */
async function signIn(
  provider: Provider,
  persons: readonly DemonstrationPerson[],
  chosen: string | undefined,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { uid } = await provider.interactionDetails(request, response);
  const person = persons.find(({ id }) => id === chosen);
  if (person !== undefined) {
    await provider.interactionFinished(request, response, { login: { accountId: person.id, remember: false } });
    return;
  }
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('cache-control', 'no-store');
  response.setHeader(
    'content-security-policy',
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  );
  response.end(page(uid, persons));
}

function page(uid: string, persons: readonly DemonstrationPerson[]): string {
  const rows = persons.map(
    ({ id, name, role }) => `<li><a href="/interaction/${uid}/${id}">${name}</a><br>${role}</li>`,
  );
  return `<!doctype html><html lang="sv"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Logga in i demonstrationen</title>
<style>body{font:1.125rem/1.5 system-ui,sans-serif;max-width:34rem;margin:3rem auto;padding:0 1.25rem;color-scheme:light dark}
ul{list-style:none;padding:0}li{margin:0 0 1rem}a{font-weight:600}</style>
<main><h1>Logga in i demonstrationen</h1><p>Personerna finns inte. Välj vem du vill vara.</p><ul>${rows.join('')}</ul></main></html>`;
}

function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
