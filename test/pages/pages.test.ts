import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { at, IDS, KS, NILS, notice } from '../../apps/portal/src/testing/samples.ts';
import type { PortalUnderTest } from '../../apps/portal/src/testing/portal-under-test.ts';
import { faultsByKeyboard, faultsFoundByAxe, newPage, shoot } from './browser.ts';
import type { People } from './people.ts';
import { REJECTED, SCRIPT, SignedInPortal, STAY } from './signed-in-portal.ts';

/**
 * The pages in a real browser: who comes in, what each kind of person sees, and that nobody sees more. Records are put into
 * the views by hand; the whole way from a ward's message to a page is `test/end-to-end`.
 */

let signedIn: SignedInPortal;
let portal: PortalUnderTest;
let people: People;
let browser: Browser;
let base: string;

beforeAll(async () => {
  signedIn = await SignedInPortal.start();
  ({ portal, people, base } = signedIn);
  ({ browser } = people);
});
afterAll(() => signedIn.stop());

const focused = (page: Page): Promise<string> =>
  page.evaluate<string>('(document.activeElement?.textContent ?? "").trim()');

describe('signing in', () => {
  it('leads to the first page of the unit, and out again', async () => {
    const { page, complaints } = await newPage(browser);
    await page.goto(base);
    await page.getByRole('link', { name: 'Logga in' }).click();
    await page.getByRole('link', { name: 'Anna Solna' }).click();
    await page.waitForURL(`${base}/inkorg`);
    await page.getByRole('button', { name: 'Logga ut' }).click();
    await page.waitForURL(`${base}/`);
    await page.goto(`${base}/inkorg`);
    expect(page.url()).not.toContain(base);
    expect(complaints).toEqual([]);
  });

  it('leads back to the page that was asked for', async () => {
    const { page } = await newPage(browser);
    await people.signIn(page, 'Anna Solna', `/arenden/${STAY}`);
    expect(page.url()).toBe(`${base}/arenden/${STAY}`);
  });

  it('lets who has several assignments choose, and who has none see nothing', async () => {
    const { page } = await newPage(browser);
    await people.signIn(page, 'Många Uppdrag');
    await page.getByRole('button', { name: 'Handläggare, Nacka' }).click();
    await page.waitForURL(`${base}/inkorg`);
    expect(await page.textContent('main')).toContain('Inga ärenden');
    const other = await newPage(browser);
    await people.signIn(other.page, 'Ingen Alls');
    expect(await other.page.textContent('main')).toContain('Du har inget uppdrag');
  });

  it('takes no answer that this browser did not ask for', async () => {
    const response = await fetch(`${base}/inloggad?code=stulen&state=gissad`);
    expect(response.status).toBe(400);
    expect(response.headers.getSetCookie().join()).not.toContain('bryggan-session=ey');
  });

  it('goes to no other site afterwards', async () => {
    const response = await fetch(`${base}/logga-in?till=//ond.example/`, { redirect: 'manual' });
    expect(response.headers.getSetCookie().join()).not.toContain('ond.example');
  });
});

describe('the inbox', () => {
  it('shows what is new until the unit has looked, with the number masked, and the moved date as old and new', async () => {
    const { page, complaints } = await newPage(browser);
    await people.signIn(page, 'Anna Solna', '/inkorg');
    const row = page.getByRole('row', { name: /Tolvan/ });
    expect(await page.textContent('table')).not.toContain('1212-1212');
    expect(await row.textContent()).toContain('ändrat från');
    const other = page.getByRole('row', { name: /Nils/ });
    expect(await other.textContent()).toContain('Nytt');
    await other.getByRole('link').click();
    expect(await page.textContent('main')).toContain('18900202-9800');
    await page.getByRole('link', { name: 'Till inkorgen' }).click();
    expect(await page.getByRole('row', { name: /Nils/ }).textContent()).toContain('Läst');
    expect(complaints).toEqual([]);
  });

  it('is read, searched and opened with the keyboard alone', async () => {
    const { page } = await newPage(browser);
    await people.signIn(page, 'Anna Solna', '/inkorg');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Till innehållet');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.type('tolvan');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${base}/inkorg/sok`);
    for (let pressed = 0; pressed < 40 && !(await focused(page)).startsWith('Tolvan'); pressed += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${base}/arenden/${STAY}`);
  });

  it('renews itself when something comes', async () => {
    const { page } = await newPage(browser);
    await people.signIn(page, 'Nils Nacka', '/inkorg');
    expect(await page.textContent('main')).toContain('Inga ärenden');
    portal.now += 60_000;
    await portal.deliver('0186', notice({ party: '0186', stay: 'stay-3', person: NILS }));
    await page.getByRole('row', { name: /Nils/ }).waitFor({ timeout: 60_000 });
  });

  it('has cases that renew themselves, but never under what somebody is writing', async () => {
    const stay = IDS.stay(KS, 'stay-2');
    const { page } = await newPage(browser);
    await people.signIn(page, 'Anna Solna', `/arenden/${stay}`);
    const form = page.locator('summary').getByText('Fråga avdelningen', { exact: false });
    await form.click();
    await page.getByLabel('Fråga', { exact: true }).fill('Behövs rullator?');
    portal.now += 60_000;
    await portal.deliver(
      '0184',
      notice({ stay: 'stay-2', person: NILS, content: { kind: 'BUT', expectedDischarge: at(5, 20) } }),
    );
    await page.getByText('Det visas när formuläret är sänt eller stängt.').waitFor();
    expect(await page.getByLabel('Fråga', { exact: true }).inputValue()).toBe('Behövs rullator?');
    expect(await page.textContent('main')).not.toContain('20 maj');
    await form.click();
    await page.getByText('20 maj').first().waitFor();
  });

  it("is searched by name and number, among the unit's own alone, and no address has either", async () => {
    const { page, complaints } = await newPage(browser);
    await people.signIn(page, 'Anna Solna', '/inkorg');
    const search = async (text: string): Promise<string> => {
      await page.getByLabel('Namn eller personnummer').fill(text);
      await page.getByRole('button', { name: 'Sök' }).click();
      expect(page.url()).toBe(`${base}/inkorg/sok`);
      return (await page.textContent('main')) ?? '';
    };
    expect(await search('tolvans')).toContain('Tolvan Tolvansson');
    await shoot(page, 'inbox, search');
    expect(await search('18900202-9800')).toMatch(/Nils Åkerström/);
    expect(await search('189002029801')).toContain('Ingen träff');
    expect(await search('1')).toContain('Skriv minst två bokstäver');
    expect(await faultsFoundByAxe(page)).toEqual([]);
    await page.context().clearCookies();
    await people.signIn(page, 'Nils Nacka', '/inkorg');
    expect(await search('Tolvan')).toContain('Ingen träff');
    expect(complaints).toEqual([]);
  });

  it('takes a name and a text for what they are', async () => {
    const { page, complaints } = await newPage(browser);
    await people.signIn(page, 'Anna Solna', `/arenden/${STAY}`);
    expect(await page.title()).toBe('Ärende – Bryggan');
    expect(await page.textContent('main')).toContain(SCRIPT);
    expect(complaints).toEqual([]);
  });

  it("answers another's case as one that is not there, and an operator's page to nobody else", async () => {
    const { page } = await newPage(browser);
    await people.signIn(page, 'Nils Nacka');
    const answers = [];
    for (const path of [
      ...[`/arenden/${STAY}`, `/arenden/${STAY}/pdf`, '/arenden/7c1fb7a6-0000-4000-8000-000000000000', '/avdelning'],
      ...[`/avdelning/${STAY}`, '/drift', `/drift/avvisade/${REJECTED}`, `/drift/vardtillfallen/${STAY}`],
      ...['/drift/katalog', '/uppfoljning', '/uppfoljning/2026-04/namnd/0180-jarva', '/logg', '/logg/stickprov'],
    ]) {
      const answer = await page.goto(`${base}${path}`);
      answers.push([answer?.status(), await page.textContent('main')]);
    }
    expect(answers.every((one) => one[0] === 404)).toBe(true);
    expect(new Set(answers.map((one) => one[1])).size).toBe(1);
  });
});

describe('the ward and the operator', () => {
  it("show the ward's own stays with what is missing, and the operator no patient", async () => {
    const ward = await newPage(browser);
    await people.signIn(ward.page, 'Vera Vård', '/avdelning');
    expect(await ward.page.textContent('table')).toContain('Ange grund');
    await ward.page.getByRole('link', { name: /Tolvan/ }).click();
    expect(await ward.page.textContent('main')).toContain('19121212-1212');
    const ops = await newPage(browser);
    for (const path of ['/drift', '/drift/avvisade', '/drift/uppgifter']) {
      await people.signIn(ops.page, 'Disa Drift', path);
      expect(await ops.page.textContent('main')).not.toMatch(/Tolvan|1212/);
      await ops.page.context().clearCookies();
    }
  });
});

describe('the log', () => {
  it('is shown of a person, and checked by lot, by the one who controls it, who sees no case', async () => {
    const { page, complaints } = await newPage(browser);
    await people.signIn(page, 'Anna Solna', `/arenden/${STAY}`);
    // A page that is live would load itself anew, and find that nobody is signed in.
    await page.goto('about:blank');
    await page.context().clearCookies();
    await people.signIn(page, 'Lena Logg', '/logg');
    await page.getByLabel('Personnummer, tolv siffror').fill('191212121212');
    await page.getByLabel('Varför').selectOption({ index: 1 });
    await page.getByRole('button', { name: 'Ta fram' }).click();
    expect(page.url()).toBe(`${base}/logg`);
    const rows = page.getByRole('row').filter({ hasText: 'Anna Solna' });
    expect((await rows.allTextContents()).join()).toMatch(/Handläggare, Solna\s*ärende/);
    await shoot(page, 'log, extract');
    expect(await faultsFoundByAxe(page)).toEqual([]);
    await page.getByRole('link', { name: 'Stickprov' }).click();
    await page
      .getByLabel(/Kontroll av Anna Solna/)
      .first()
      .selectOption('to-be-examined');
    await page
      .getByLabel(/Anteckning om Anna Solna/)
      .first()
      .fill('Frågar chefen');
    await page.getByRole('button', { name: 'Spara kontrollen' }).click();
    await page.getByRole('status').waitFor();
    expect(await page.textContent('main')).toMatch(/Ska utredas\s*Frågar chefen/);
    expect(await page.textContent('main')).not.toMatch(/Tolvan|1212/);
    await shoot(page, 'log, checks');
    expect(await faultsFoundByAxe(page)).toEqual([]);
    expect((await page.goto(`${base}/arenden/${STAY}`))?.status()).toBe(404);
    expect(complaints.filter((one) => !one.includes('404'))).toEqual([]);
  });
});

describe('a form of another site', () => {
  it('is not taken', async () => {
    const { page } = await newPage(browser);
    await people.signIn(page, 'Anna Solna', '/inkorg');
    const cookies = await page.context().cookies(base);
    const cookie = cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
    // A browser sends no cookie with a form of an altogether other site, but keeps or loses what the answer says.
    const withAndWithout: readonly Record<string, string>[] = [{ cookie }, {}];
    for (const headers of withAndWithout) {
      const out = {
        method: 'POST',
        redirect: 'manual',
        headers,
        body: new URLSearchParams({ form: 'gissad' }),
      } as const;
      expect((await fetch(`${base}/logga-ut`, out)).headers.getSetCookie()).toEqual([]);
    }
    const answer = await page.goto(`${base}/inkorg`);
    expect(answer?.status()).toBe(200);
    expect(cookies.find(({ name }) => name === 'bryggan-session')).toMatchObject({ httpOnly: true, sameSite: 'Lax' });
  });

  it('is taken at no address, whoever is signed in; nor is an own form of somebody whose page it is not', async () => {
    for (const who of ['Disa Drift', 'Nils Nacka']) {
      const { page } = await newPage(browser);
      await people.signIn(page, who);
      const own = (await page.locator('input[name=form]').first().getAttribute('value')) ?? '';
      const post = async (path: string, form: string, headers = {}): Promise<number> => {
        const sent = { form, nyckel: 'n', atgard: 'om', varfor: 'x', act: 'take', version: '1' };
        return (await page.request.post(`${base}${path}`, { form: sent, headers, maxRedirects: 0 })).status();
      };
      for (const [path, owner] of FORMS) {
        const guessed = await post(path, 'gissad');
        const foreign = await post(path, own, { origin: 'https://elak.example' });
        // A form with files is another kind of form: what is none of it is no form.
        expect([path, [403, 400].includes(guessed), [403, 400].includes(foreign)]).toEqual([path, true, true]);
        if (owner !== who) expect([path, [404, 400].includes(await post(path, own))]).toEqual([path, true]);
      }
      await page.context().close();
    }
  });
});

/** Where forms are sent to, and which of the two that try it has such a page at all. */
const FORMS: readonly (readonly [path: string, who?: string])[] = [
  [`/arenden/${STAY}/svar`],
  [`/avdelning/${STAY}/meddela`],
  [`/avdelning/${STAY}/oro`],
  ['/avdelning/ny'],
  ['/logg'],
  ['/logg/stickprov'],
  [`/drift/avvisade/${REJECTED}`, 'Disa Drift'],
  [`/drift/vardtillfallen/${STAY}`, 'Disa Drift'],
  ['/drift/katalog', 'Disa Drift'],
  ['/drift/prova', 'Disa Drift'],
  ['/drift/uppgifter/7c1fb7a6-0000-4000-8000-000000000000', 'Disa Drift'],
  ['/inkorg/sok', 'Nils Nacka'],
  ['/avvikelser/ny', 'Nils Nacka'],
];

/** Every page, with who may see it. */
const PAGES: readonly (readonly [path: string, who: string | undefined])[] = [
  ['/', undefined],
  ['/tillganglighet', undefined],
  ['/inkorg', 'Anna Solna'],
  ['/inkorg?visa=avslutade', 'Anna Solna'],
  [`/arenden/${STAY}`, 'Anna Solna'],
  ['/uppdrag', 'Många Uppdrag'],
  ['/avdelning', 'Vera Vård'],
  [`/avdelning/${STAY}`, 'Vera Vård'],
  ['/drift', 'Disa Drift'],
  ['/drift/avvisade', 'Disa Drift'],
  [`/drift/avvisade/${REJECTED}`, 'Disa Drift'],
  ['/drift/uppgifter', 'Disa Drift'],
  [`/drift/vardtillfallen/${STAY}`, 'Disa Drift'],
  ['/drift/katalog', 'Disa Drift'],
  ['/drift/kallor', 'Disa Drift'],
  ['/drift/prova', 'Disa Drift'],
  ['/avdelning/ny', 'Vera Vård'],
  ['/inkorg?visa=mina', 'Anna Solna'],
  ['/inkorg?enhet=aldre', 'Anna Solna'],
  ['/avvikelser', 'Anna Solna'],
  [`/avvikelser/ny?arende=${STAY}`, 'Anna Solna'],
  ['/uppfoljning', 'Frida Följer'],
  ['/logg', 'Lena Logg'],
  ['/logg/stickprov', 'Lena Logg'],
];

describe.each(PAGES)('%s', (path, who) => {
  it.each([
    ['by day', {}],
    ['by night, on a telephone', { colorScheme: 'dark', viewport: { width: 320, height: 640 } }],
  ] as const)('has nothing that axe finds, %s', async (name, options) => {
    const { page, complaints } = await people.open(who, path, options);
    await shoot(page, `${path.replace(STAY, 'stay').replace(/[^a-z]+/g, '-')} ${name}`);
    expect(await faultsFoundByAxe(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    expect((await page.content()).length).toBeLessThan(100_000);
    if (name === 'by day') expect(await faultsByKeyboard(page)).toEqual([]);
    // Twice the size on a screen of 1280 is half the width.
    await page.setViewportSize({ width: 640, height: 450 });
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  it('says the same without JavaScript, and prints without menus and forms', async () => {
    const { page } = await people.open(who, path, { javaScriptEnabled: false });
    const withScript = await people.open(who, path, {});
    const said = async (one: Page): Promise<string> => (await one.locator('body').innerText()).replace(/\s+/g, ' ');
    // What is drawn by lot is drawn anew for each look.
    if (path !== '/logg/stickprov') expect(await said(page)).toBe(await said(withScript.page));
    await page.emulateMedia({ media: 'print' });
    await shoot(page, `print ${path.replace(STAY, 'stay').replace(/[^a-z]+/g, '-')}`);
    for (const hidden of ['header.top', 'form', '.no-print']) {
      expect(await page.locator(`${hidden}:visible`).count()).toBe(0);
    }
    expect(await page.locator('main:visible').count()).toBe(1);
    await Promise.all([page.context().close(), withScript.page.context().close()]);
  });
});
