import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import {
  startDemonstrationProvider,
  type DemonstrationProvider,
} from '../../deploy/embedded/openid/demonstration-provider.ts';
import { freePort } from '../../deploy/embedded/port.ts';
import { startTestHub, type TestHub, type TestHubOptions } from '../hub/test-hub.ts';
import { faultsByKeyboard, faultsFoundByAxe, newPage, startBrowser } from './browser.ts';

/** Somebody with one assignment. @param unit name of the caller that the assignment's unit is */
export interface AtWork {
  readonly name: string;
  readonly unit: string;
  readonly title: string;
}

/** A whole hub, its provider of sign-ins, and a browser: what a test of pages needs, started and stopped as one. */
export class SignedInHub {
  readonly hub: TestHub;
  readonly #provider: DemonstrationProvider;
  readonly #browser: Browser;
  readonly #sessions = new Map<string, NonNullable<BrowserContextOptions['storageState']>>();

  private constructor(hub: TestHub, provider: DemonstrationProvider, browser: Browser) {
    this.hub = hub;
    this.#provider = provider;
    this.#browser = browser;
  }

  static async start(name: string, people: readonly AtWork[], options: TestHubOptions): Promise<SignedInHub> {
    const httpPort = await freePort();
    const persons = people.map(({ name: of, unit, title }, index) => {
      return { id: `p${index}`, name: of, role: '', assignments: [{ id: 'a', unit, title }] };
    });
    const provider = await startDemonstrationProvider(persons, [`http://127.0.0.1:${httpPort}`]);
    const { issuer, clientId, clientSecret } = provider.settings;
    const settings = {
      BRYGGAN_OPENID_ISSUER: issuer,
      BRYGGAN_OPENID_CLIENT_ID: clientId,
      BRYGGAN_OPENID_CLIENT_SECRET: clientSecret,
    };
    const [hub, browser] = await Promise.all([
      startTestHub(name, { ...options, httpPort, settings: { ...settings, ...options.settings } }),
      startBrowser(),
    ]);
    return new SignedInHub(hub, provider, browser);
  }

  async dispose(): Promise<void> {
    await this.#browser.close();
    await this.hub.dispose();
    await this.#provider.stop();
  }

  /** A page of somebody who is signed in, once for all the pages of a test; without JavaScript where it is said. */
  async as(name: string, path: string, javaScriptEnabled = true): Promise<Page> {
    const storageState = this.#sessions.get(name);
    const { page } = await newPage(this.#browser, { javaScriptEnabled, ...(storageState && { storageState }) });
    await page.goto(`${this.hub.http}${path}`);
    if (storageState === undefined) {
      await page.getByRole('link', { name }).click();
      await page.waitForURL(`${this.hub.http}${path}`);
      this.#sessions.set(name, await page.context().storageState());
    }
    return page;
  }

  /** What axe, and who has a keyboard alone, find on a page that somebody looks at without JavaScript, which axe itself needs. */
  async faultsOn(page: Page): Promise<string[]> {
    const storageState = await page.context().storageState();
    const other = await newPage(this.#browser, { storageState });
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
