import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import chromiumPackage from '@sparticuz/chromium';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { PATIENCE_MILLIS } from '../hub/until.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** A real Chromium, headless; the binary comes with an npm package. */
export async function startBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: await chromiumPackage.executablePath(),
    args: ['--no-sandbox', '--headless'],
  });
}

/** A page, and what the browser has had to complain of. */
export interface Opened {
  readonly page: Page;
  readonly complaints: readonly string[];
}

/**
 * A page that nobody has signed in on, of somebody who wants nothing to move: a form that is still unfolding moves its button
 * away under a click, and nobody can tell such a click from one that was not answered. Anything that the browser has to
 * complain of ends in `complaints`.
 */
export async function newPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    reducedMotion: 'reduce',
    bypassCSP: false,
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MILLIS);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  return { page, complaints };
}

const SHOTS = process.env['BRYGGAN_TEST_SHOTS'];

/** A picture of the page as it is, where `npm run pages:shots` asks for them. */
export async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return;
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
}

/** What axe finds wrong on a page by WCAG 2.1 A and AA: rule and place, a line each. */
export async function faultsFoundByAxe(page: Page): Promise<string[]> {
  // By the debugger's protocol: the page's own policy lets no foreign script in.
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResult>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] })`,
  );
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** What the keyboard should come to: everything that can be acted on and is seen; of a group of radio buttons one. */
const REACHABLE = `(() => {
  const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')];
  const seen = all.filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0);
  const groups = new Set();
  return seen.filter((one) => {
    if (one.type !== 'radio') return true;
    const group = (one.form?.action ?? '') + one.name;
    return !groups.has(group) && groups.add(group);
  }).length;
})()`;

/** Where the keyboard is: which element in the page's order, what it is, and whether it can be seen that it is there. */
const FOCUSED = `(() => {
  const { activeElement: one } = document;
  if (one === null || one === document.body || one === document.documentElement) return undefined;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(one);
  // The way past the menus is seen by being there at all: only then it has a size.
  const appears = one.matches('.ds-skip-link') && one.getBoundingClientRect().height > 20;
  const isSeen = (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none' || appears;
  return { at: [...document.querySelectorAll('*')].indexOf(one), html: one.outerHTML.slice(0, 120), isSeen };
})()`;

interface Focused {
  readonly at: number;
  readonly html: string;
  readonly isSeen: boolean;
}

const MOST_STEPS = 500;

/**
 * What is wrong for who has a keyboard alone: goes through the page by Tab from its beginning. Everything is come to, in the order in
 * which it stands; it is seen where one is; and nothing holds one fast.
 */
export async function faultsByKeyboard(page: Page): Promise<string[]> {
  const expected = await page.evaluate<number>(REACHABLE);
  // From the beginning, whatever was clicked last.
  await page.evaluate('document.activeElement?.blur(); getSelection()?.removeAllRanges(); window.scrollTo(0, 0)');
  await page.locator('body').press('Home');
  const faults: string[] = [];
  const steps: number[] = [];
  let pressed = 0;
  for (; pressed < MOST_STEPS; pressed += 1) {
    await page.keyboard.press('Tab');
    const one = await page.evaluate<Focused | undefined>(FOCUSED);
    if (one === undefined || (steps.length > 1 && one.at === steps[0])) break;
    // A field for a date has parts of its own, and shows itself which of them one is on.
    if (one.at === steps.at(-1)) continue;
    if (!one.isSeen) faults.push(`not seen: ${one.html}`);
    if (one.at <= (steps.at(-1) ?? -1)) faults.push(`out of order: ${one.html}`);
    steps.push(one.at);
  }
  if (pressed === MOST_STEPS) faults.push('held fast');
  if (new Set(steps).size !== expected) faults.push(`${new Set(steps).size} of ${expected} are come to`);
  return faults;
}
