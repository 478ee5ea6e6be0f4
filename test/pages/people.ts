import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import type { OpenIdSettings } from '#libs/platform';
import type { DemonstrationPerson } from '../../deploy/embedded/openid/demonstration-persons.ts';
import {
  startDemonstrationProvider,
  type DemonstrationProvider,
} from '../../deploy/embedded/openid/demonstration-provider.ts';
import { faultsByKeyboard, faultsFoundByAxe, newPage, startBrowser, type Opened } from './browser.ts';

/** A browser, and the people who sign in by it at a provider that knows them. */
export class People {
  readonly browser: Browser;
  readonly #provider: DemonstrationProvider;
  readonly #base: string;
  /** Of those who have signed in: a page that is only looked at needs no sign-in of its own. */
  readonly #sessions = new Map<string, NonNullable<BrowserContextOptions['storageState']>>();

  private constructor(browser: Browser, provider: DemonstrationProvider, base: string) {
    this.browser = browser;
    this.#provider = provider;
    this.#base = base;
  }

  /** @param base where the portal will be, `http://127.0.0.1:<port>` */
  static async start(persons: readonly DemonstrationPerson[], base: string): Promise<People> {
    const provider = await startDemonstrationProvider(persons, [base]);
    return new People(await startBrowser(), provider, base);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.#provider.stop();
  }

  /** Where the portal has people sign in. */
  get openId(): OpenIdSettings {
    return this.#provider.settings;
  }

  /** Signs somebody in on a page, as who asks for a path does. */
  async signIn(page: Page, name: string, path = '/logga-in'): Promise<void> {
    await page.goto(`${this.#base}${path}`);
    await page.getByRole('link', { name }).click();
    await page.waitForURL(`${this.#base}/**`);
  }

  /** A page of somebody who is signed in, once for all the pages of a test; of nobody where no name is given. */
  async open(name: string | undefined, path: string, options: BrowserContextOptions = {}): Promise<Opened> {
    const storageState = name === undefined ? undefined : this.#sessions.get(name);
    const opened = await newPage(this.browser, { ...options, ...(storageState && { storageState }) });
    if (name !== undefined && storageState === undefined) {
      await this.signIn(opened.page, name);
      this.#sessions.set(name, await opened.page.context().storageState());
    }
    await opened.page.goto(`${this.#base}${path}`);
    return opened;
  }

  /** What axe, and who has a keyboard alone, find on a page that somebody looks at without JavaScript, which axe itself needs. */
  async faultsOn(page: Page): Promise<string[]> {
    const storageState = await page.context().storageState();
    const other = await newPage(this.browser, { storageState });
    await other.page.goto(page.url());
    const faults = [...(await faultsFoundByAxe(other.page)), ...(await faultsByKeyboard(other.page))];
    await other.page.context().close();
    return faults;
  }
}

export const main = async (page: Page): Promise<string> => (await page.textContent('main')) ?? '';

/** Presses a button of a form, and waits for the page that answers. @throws when that says that something is wrong */
export async function send(page: Page, button: Locator): Promise<void> {
  const loaded = page.waitForEvent('load');
  await button.click();
  await loaded;
  const wrong = await page.getByRole('alert').allTextContents();
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}

/** Opens a form of the page by its title, fills it in, and sends it. */
export async function fillIn(page: Page, title: string, fill: (form: Locator) => Promise<unknown>): Promise<void> {
  await page.locator('summary').getByText(title, { exact: true }).first().click();
  const form = page.locator('details[open]');
  await fill(form);
  await send(page, form.getByRole('button').last());
}
