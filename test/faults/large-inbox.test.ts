import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { APIRequestContext, Browser } from 'playwright-core';
import { notice } from '../../apps/portal/src/testing/samples.ts';
import { PortalUnderTest } from '../../apps/portal/src/testing/portal-under-test.ts';
import {
  startDemonstrationProvider,
  type DemonstrationProvider,
} from '../../deploy/embedded/openid/demonstration-provider.ts';
import { freePort } from '../../deploy/embedded/port.ts';
import { newPage, startBrowser } from '../pages/browser.ts';

/** An inbox with thousands of open cases while notices come in: how long its first page takes is printed, not judged. */

const CASES = 5000;
const AT_ONCE = 250;
const ASKED = 200;
const EACH_MILLIS = 20;
const PERSONS = [
  { id: 'anna', name: 'Anna Solna', role: '', assignments: [{ id: 'a', unit: '0184', title: 'Handläggare, Solna' }] },
];

let provider: DemonstrationProvider;
let portal: PortalUnderTest;
let browser: Browser;
let base: string;

beforeAll(async () => {
  const port = await freePort();
  base = `http://127.0.0.1:${port}`;
  provider = await startDemonstrationProvider(PERSONS, [base]);
  portal = await PortalUnderTest.start({ port }, provider.settings);
  for (let from = 0; from < CASES; from += AT_ONCE) {
    const some = Array.from({ length: AT_ONCE }, (_, index) => notice({ stay: `large-${from + index}` }));
    await portal.deliver('0184', ...some);
  }
  browser = await startBrowser();
}, 600_000);

afterAll(async () => {
  await browser.close();
  await portal.stop();
  await provider.stop();
});

/** Milliseconds of each of so many requests for the first page, one after another. */
async function timesOf(request: APIRequestContext, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let asked = 0; asked < ASKED; asked += 1) {
    const began = performance.now();
    const answer = await request.get(`${base}${path}`);
    const { length } = await answer.body();
    times.push(performance.now() - began);
    expect(answer.status()).toBe(200);
    expect(length).toBeLessThan(100_000);
  }
  return times.sort((a, b) => a - b);
}

it('answers with its first page, small, while 50 notices a second come in', async () => {
  const { page } = await newPage(browser);
  await page.goto(`${base}/inkorg`);
  await page.getByRole('link', { name: 'Anna Solna' }).click();
  await page.waitForURL(`${base}/inkorg`);
  expect(await page.textContent('main')).toContain(`${CASES} på sjukhus`);
  let more = 0;
  const coming = setInterval(() => void portal.deliver('0184', notice({ stay: `more-${++more}` })), EACH_MILLIS);
  try {
    for (const path of ['/inkorg', '/inkorg?sida=100']) {
      const times = await timesOf(page.request, path);
      const at = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(1);
      process.stdout.write(`${path}, ${CASES} open cases: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, ${more} came in\n`);
    }
  } finally {
    clearInterval(coming);
  }
}, 600_000);
