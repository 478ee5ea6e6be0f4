import type { ComponentChildren, VNode } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { ServerResponse } from 'node:http';
import { roleOf, type PageRole, type PageUser } from '../page-request.ts';

/** What stands in the menu, by role. */
const MENU: Readonly<Record<PageRole, readonly (readonly [address: string, text: string])[]>> = {
  party: [
    ['/inkorg', 'Inkorg'],
    ['/avvikelser', 'Avvikelser'],
  ],
  sender: [
    ['/avdelning', 'Mina patienter'],
    ['/avdelning/ny', 'Nytt meddelande'],
    ['/avvikelser', 'Avvikelser'],
  ],
  operator: [
    ['/drift', 'Drift'],
    ['/drift/avvisade', 'Avvisade meddelanden'],
    ['/drift/uppgifter', 'Uppgifter'],
    ['/drift/kallor', 'Källor'],
    ['/drift/prova', 'Prova ett meddelande'],
    ['/drift/katalog', 'Katalog'],
  ],
  observer: [
    ['/avvikelser', 'Avvikelser'],
    ['/uppfoljning', 'Mönster och månader'],
  ],
  'log-controller': [
    ['/logg', 'Loggutdrag'],
    ['/logg/stickprov', 'Stickprov'],
  ],
};

export interface PageProps {
  /** Never anything about a patient: titles stand in the browser's history. */
  readonly title: string;
  readonly user?: PageUser;
  /** Address of the menu's line that this page is under. */
  readonly current?: string;
  /** One sentence on what the page is for. */
  readonly help?: string;
  readonly children: ComponentChildren;
}

/** The frame of every page: landmarks, menu, who is signed in, and help. */
export function Page({ title, user, current, help, children }: PageProps): VNode {
  return (
    <html lang="sv" data-color-scheme="auto">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`${title} – Bryggan`}</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/resurser/bryggan.css" />
        <script src="/resurser/bryggan.js" defer />
      </head>
      <body class="ds-body">
        <a class="ds-skip-link" href="#innehall">
          Till innehållet
        </a>
        <header class="top">
          <a class="top-name" href="/">
            Bryggan
          </a>
          {user && <Menu user={user} current={current} />}
          {user && <WhoIsIn user={user} />}
        </header>
        <main id="innehall" tabIndex={-1}>
          {children}
        </main>
        <footer class="bottom">
          {help !== undefined && <p>{help}</p>}
          <p>
            <a href="/tillganglighet">Tillgänglighet</a>
          </p>
        </footer>
      </body>
    </html>
  );
}

function Menu({ user, current }: { readonly user: PageUser; readonly current: string | undefined }): VNode {
  return (
    <nav aria-label="Huvudmeny">
      <ul class="menu">
        {MENU[roleOf(user)].map(([address, text]) => (
          <li key={address}>
            <a href={address} aria-current={address === current ? 'page' : undefined}>
              {text}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function WhoIsIn({ user }: { readonly user: PageUser }): VNode {
  return (
    <div class="who">
      <span>
        {user.name}
        <small>{user.assignment.title}</small>
      </span>
      {user.session.assignments.length > 1 && <a href="/uppdrag">Byt uppdrag</a>}
      <form method="post" action="/logga-ut">
        <FormToken user={user} />
        <button class="ds-button" data-variant="tertiary" data-size="sm" type="submit">
          Logga ut
        </button>
      </form>
    </div>
  );
}

/** Stands in every form: one without it is another site's. */
function FormToken({ user }: { readonly user: PageUser }): VNode {
  return <input type="hidden" name="form" value={user.session.formToken} />;
}

/**
 * Nothing from outside, no script in the text, nobody's frame: a patient named `<script>` is a name. Forms go to this site
 * alone, the provider is reached by a link.
 */
const CONTENT_SECURITY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; " +
  "form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** Answers with a page. */
export function sendPage(response: ServerResponse, page: VNode, status = 200): void {
  const body = Buffer.from(`<!doctype html>${renderToString(page)}`);
  response.statusCode = status;
  response.setHeader('content-security-policy', CONTENT_SECURITY);
  // With no referrer at all a browser says of our own forms that they come from nowhere (Fetch 3.1).
  response.setHeader('referrer-policy', 'same-origin');
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('content-length', body.length);
  response.end(body);
}
