import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import { MINUTE } from '../../apps/simulator/src/county/county-time.ts';
import { REGISTERED } from '../../apps/simulator/src/county/people.ts';
import { consent, need, ready } from '../../apps/simulator/src/messages/ward-message.ts';
import type { TestHub } from '../hub/test-hub.ts';
import { bedAt, CLINIC, SOLNA, Ward } from '../hub/ward.ts';
import { faultsFoundByAxe, shoot } from './browser.ts';
import { fillIn, main, send } from './people.ts';
import { SignedInHub } from './signed-in-hub.ts';

/** The whole way: a ward's message over MLLP, a click in a browser, and the answer at the ward. */

const START = Date.parse('2026-05-04T08:00:00+02:00');
const PEOPLE = [
  { name: 'Anna Solna', unit: SOLNA, title: 'Handläggare, Solna' },
  { name: 'Aron Solna', unit: SOLNA, title: 'Handläggare, Solna' },
  { name: 'Bo Mottagning', unit: CLINIC, title: 'Samordnare, mottagningen' },
  { name: 'Vera Vård', unit: 'sender:KS', title: 'Sjuksköterska' },
  { name: 'Disa Drift', unit: 'operator', title: 'Operatör' },
];

let signedIn: SignedInHub;
let hub: TestHub;

beforeAll(async () => {
  signedIn = await SignedInHub.start('flows', PEOPLE, { clockStart: START });
  ({ hub } = signedIn);
});
afterAll(() => signedIn.dispose());

const as = (name: string, path: string, javaScriptEnabled = true): Promise<Page> =>
  signedIn.as(name, path, javaScriptEnabled);

/** A stay that the ward's own system tells of, with consent and ready for discharge unless only need is said. @returns its id */
async function admitted(
  visit: string,
  says: 'ready' | 'need alone' = 'ready',
  bed: Parameters<typeof bedAt>[1] = {},
): Promise<string> {
  const ward = new Ward(visit, bedAt(hub.now, bed));
  const isReady = says === 'ready';
  await hub.to(hub.now + MINUTE);
  const facts = [need(['SOC', 'ROV']), ...(isReady ? [consent('Y')] : [])];
  await hub.send('KS', ward.message('A01', hub.now, { facts }));
  await hub.to(hub.now + MINUTE);
  if (isReady) await hub.send('KS', ward.message('A08', hub.now, { facts: [ready('Y')] }));
  await hub.client.settle();
  return hub.stayId('KS', visit);
}

describe('a case', () => {
  it('is acknowledged and planned without JavaScript, and the ward sees it', async () => {
    const stay = await admitted('flow-1');
    const anna = await as('Anna Solna', '/inkorg', false);
    await anna.locator(`a[href="/arenden/${stay}"]`).click();
    await shoot(anna, 'case, new');
    await anna.getByRole('button', { name: /^Kvittera/ }).click();
    expect(await anna.getByRole('status').textContent()).toBe('Kvitterat.');
    expect(await anna.getByRole('button', { name: /^Kvittera/ }).count()).toBe(0);
    await anna.getByText('Påbörja planering').click();
    await anna.getByRole('button', { name: 'Meddela avdelningen' }).first().click();
    expect(await main(anna)).toContain('Planeringen är påbörjad.');
    await hub.client.settle();
    const vera = await as('Vera Vård', '/avdelning');
    const row = vera.getByRole('row').filter({ has: vera.locator(`a[href="/avdelning/${stay}"]`) });
    expect(await row.textContent()).toContain('1 av 2 har kvitterat');
    await shoot(vera, 'ward, list');
    await row.getByRole('link').click();
    expect(await main(vera)).toContain('Planering påbörjad, Solna stad');
    expect(await main(vera)).toMatch(/Kvitterat, Solna stad\s*Underrättelse om utskrivningsklar/);
    await shoot(vera, 'ward, stay');
  });

  it('is called to a plan by the clinic; who is called sees it, answers, and the ward sees both', async () => {
    const stay = await admitted('flow-2');
    const bo = await as('Bo Mottagning', `/arenden/${stay}`);
    await bo.getByText('Utse eller bekräfta fast vårdkontakt').click();
    const contact = bo.locator('details[open]');
    await contact.getByLabel('utses nu').check();
    await contact.getByLabel('Namn').fill('Disa <b>Distrikt</b>');
    await send(bo, contact.getByRole('button'));
    expect(await main(bo)).toContain('Disa <b>Distrikt</b>');
    await bo.getByText('Kalla till SIP', { exact: true }).click();
    const call = bo.locator('details[open]');
    await call.getByLabel('Dag och tid').fill('2026-05-07T10:00');
    await call.getByLabel('Kommun eller stadsdelsnämnd').selectOption(SOLNA);
    await call.getByLabel('Videolänk').fill('https://video.example/sip');
    await call.getByLabel('Grund').selectOption('CONSENT');
    await send(bo, call.getByRole('button', { name: 'Sänd kallelsen' }));
    expect(await main(bo)).toContain('Kallelsen är sänd.');
    const calendar = await bo.getByRole('link', { name: /kalendern/ }).getAttribute('href');
    const file = await (await bo.request.get(`${hub.http}${calendar}`)).text();
    expect(file).toContain('DTSTART:20260507T080000Z');
    expect(file).not.toMatch(/Tolvan|1212/);
    expect(await faultsFoundByAxe(bo)).toEqual([]);
    await shoot(bo, 'case, clinic');
    await hub.client.settle();
    const anna = await as('Anna Solna', `/arenden/${stay}`);
    expect(await main(anna)).toContain('Kallelse till SIP från');
    await anna.getByText('Svara på kallelsen').click();
    const respond = anna.locator('details[open]');
    await respond.getByLabel('deltar', { exact: true }).check();
    await respond.getByLabel('Grund').selectOption('CONSENT');
    await send(anna, respond.getByRole('button'));
    expect(await main(anna)).toContain('Svaret är sänt.');
    expect(await faultsFoundByAxe(anna)).toEqual([]);
    await shoot(anna, 'case, called');
    await hub.client.settle();
    const vera = await as('Vera Vård', `/avdelning/${stay}`);
    for (const said of [
      'Fast vårdkontakt, Exempelmottagningen Solna',
      'Kallelse till SIP, Exempel',
      'Ja, vi deltar.',
    ]) {
      expect(await main(vera)).toContain(said);
    }
  });

  it('tells the second of two people who answer at once, keeps what was written, and lets an answer be undone', async () => {
    const stay = await admitted('flow-3');
    const [anna, aron] = await Promise.all([
      as('Anna Solna', `/arenden/${stay}`),
      as('Aron Solna', `/arenden/${stay}`, false),
    ]);
    await anna.getByRole('button', { name: /^Kvittera/ }).click();
    await anna.getByRole('status').waitFor();
    await aron.getByText('Fråga avdelningen').click();
    const ask = aron.locator('details[open]');
    await ask.getByLabel('Fråga').fill('Behövs rullator?');
    await ask.getByLabel('Grund').selectOption('CONSENT');
    await ask.getByRole('button').click();
    expect(await aron.getByRole('alert').textContent()).toMatch(/Någon hann före.*Kvitterat, Anna Solna/);
    await shoot(aron, 'case, two at once');
    await aron.locator('details[open]').getByRole('button').click();
    expect(await main(aron)).toContain('Frågan är sänd.');
    await aron.getByRole('button', { name: /Ångra.*Fråga/ }).click();
    expect(await main(aron)).toContain('Det är återtaget.');
    await hub.client.settle();
    const vera = await as('Vera Vård', `/avdelning/${stay}`);
    expect(await main(vera)).toMatch(/Fråga, Solna stad\s*Återtaget/);
  });
});

/** An answer by the way of a party's own system (contract 3). */
async function ownSystem(reply: object): Promise<void> {
  const response = await fetch(`${hub.http}/replies`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${hub.token(SOLNA)}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(reply),
  });
  expect(response.status).toBe(202);
}

describe('every answer that a unit may give', () => {
  it('reaches the ward by a click, and those it is for', async () => {
    const stay = await admitted('flow-5');
    const anna = await as('Anna Solna', `/arenden/${stay}`);
    const [about] = ((await anna.locator('input[name=avser]').getAttribute('value')) ?? '').split(' ');
    // What the unit's own system says is as good as a click, and is seen beside the clicks.
    await ownSystem({ code: 'PLAN', stay, about });
    const consents = (form: Locator) => form.getByLabel('Grund').selectOption('CONSENT');
    await fillIn(anna, 'Lägg till hemtjänstutförare', async (form) => {
      await form.getByLabel('Utförare', { exact: true }).selectOption({ index: 1 });
      await form.getByLabel('Ja', { exact: true }).check();
      await consents(form);
    });
    await fillIn(anna, 'Säg vems ärendet är, eller flytta det hos er', async (form) => {
      await form.getByLabel('Kommun eller stadsdelsnämnd').selectOption(SOLNA);
      await form.getByLabel('Enhet hos oss').selectOption('funktion');
      await consents(form);
    });
    await fillIn(anna, 'Föreslå tid för SIP', async (form) => {
      await form.getByLabel('Dag och tid').fill('2026-05-08T09:00');
      await consents(form);
    });
    await fillIn(anna, 'Skriv in SIP: vad den har och vilka som deltog', async (form) => {
      for (const label of ['insatser som behövs', 'vem som svarar för vad', 'den enskilde', 'kommunen'])
        await form.getByLabel(label, { exact: true }).check();
      await form.getByLabel('Ja', { exact: true }).check();
      await consents(form);
    });
    await fillIn(anna, 'Lämna information till planeringen', async (form) => {
      await form.getByLabel('Information').fill('Har trygghetslarm.');
      await consents(form);
    });
    await fillIn(anna, 'Avböj SIP', async (form) => {
      await form.getByLabel('den enskilde inte vill').check();
      await consents(form);
    });
    await fillIn(anna, 'Säg att den enskilde är hemma eller inlagd', async (form) => {
      await form.getByLabel('hemma utan att vi fått veta det').check();
      await consents(form);
    });
    await shoot(anna, 'case, answered');
    expect(await faultsFoundByAxe(anna)).toEqual([]);
    const bo = await as('Bo Mottagning', `/arenden/${stay}`);
    await fillIn(bo, 'Säg om regionens insatser finns på plats', (form) =>
      form.getByLabel('finns', { exact: true }).check(),
    );
    await hub.client.settle();
    await anna.reload();
    expect(await main(anna)).toMatch(/Planering påbörjad\s*Från ert eget system/);
    const file = await anna.request.get(`${hub.http}/arenden/${stay}/pdf`);
    expect(file.headers()['content-type']).toBe('application/pdf');
    expect((await file.body()).subarray(0, 5).toString()).toBe('%PDF-');
    expect(await anna.getByText('Påbörja planering', { exact: true }).count()).toBe(0);
    await anna.goto(`${hub.http}/inkorg?enhet=funktion`);
    expect(await anna.locator(`a[href="/arenden/${stay}"]`).count()).toBe(1);
    await shoot(anna, 'inbox, desk');
    await anna.goto(`${hub.http}/inkorg?enhet=barn`);
    expect(await main(anna)).toContain('Inga ärenden här.');
    // Whoever returns a notice has no case any more.
    await anna.goto(`${hub.http}/arenden/${stay}`);
    await fillIn(anna, 'Returnera: vi är fel mottagare', async (form) => {
      await form.getByLabel('Inte folkbokförd hos oss').check();
      await form.getByLabel('Förslag på rätt mottagare').selectOption('0183');
    });
    await hub.client.settle();
    const vera = await as('Vera Vård', `/avdelning/${stay}`);
    for (const said of [
      'Tillagd mottagare, Solna stad',
      'Ärendet är Solna stads.',
      'Tid: fre 8 maj 09:00',
      'Deltog: den enskilde, kommunen.',
      'Har trygghetslarm.',
      'Den enskilde vill inte ha någon SIP.',
      'Den enskilde är hemma utan att vi fått veta det.',
      'Inte folkbokförd hos oss.',
      'Regionens insatser finns på plats.',
    ]) {
      expect(await main(vera)).toContain(said);
    }
    await shoot(vera, 'ward, answers');
    // What is for the plan the clinic has too; what a municipality says of itself it has not.
    await bo.reload();
    expect(await main(bo)).toContain('Förslag till tid för SIP från Solna stad');
    expect(await main(bo)).not.toContain('Har trygghetslarm.');
  });

  it('and what a ward says by its page reaches them', async () => {
    const stay = await admitted('flow-6', 'need alone');
    const vera = await as('Vera Vård', `/avdelning/${stay}`);
    await fillIn(vera, 'Ange samtycke eller annan grund', (form) => form.getByLabel('Ja', { exact: true }).check());
    await fillIn(vera, 'Meddela utskrivningsklar', () => Promise.resolve());
    await fillIn(vera, 'Be den fasta vårdkontakten kalla till SIP', async (form) => {
      await form.getByLabel('Föreslagen tid').fill('2026-05-08T10:00');
      await form.getByLabel('Grund').selectOption('CONSENT');
    });
    await fillIn(vera, 'Skriv in ett samtal eller fax', async (form) => {
      await form.getByLabel('Vem').selectOption(SOLNA);
      await form.getByLabel('Varför inte genom Bryggan').fill('Socialjouren, natt');
    });
    await hub.client.settle();
    const anna = await as('Anna Solna', `/arenden/${stay}`);
    expect(await main(anna)).toContain('Underrättelse om utskrivningsklar');
    expect(await main(anna)).toContain('Förslag till tid för SIP');
    await fillIn(vera, 'Ta tillbaka utskrivningsklar', () => Promise.resolve());
    await fillIn(vera, 'Ta tillbaka inskrivningsmeddelandet', (form) => form.getByLabel('inget behov').check());
    await hub.client.settle();
    await anna.reload();
    expect(await main(anna)).toMatch(/Inskrivningsmeddelande\s*Återtaget/);
    await shoot(anna, 'case, withdrawn');
  });
});

describe('what no rule can send', () => {
  it('is released by the operator, who sees why for a reason that is kept, and the one it is released to has it', async () => {
    const stay = await admitted('flow-7', 'need alone', { person: REGISTERED[2]!, home: undefined });
    const disa = await as('Disa Drift', '/drift/uppgifter');
    await disa.getByRole('link', { name: 'Välj mottagare för hand' }).click();
    expect(await main(disa)).not.toMatch(/Reglerna|Så har reglerna läst/);
    await disa.getByLabel('Varför du behöver se det').fill('Ringer kommunen');
    await disa.getByRole('button', { name: 'Visa underlaget' }).click();
    expect(await main(disa)).toContain('Så har reglerna läst');
    expect(await faultsFoundByAxe(disa)).toEqual([]);
    await shoot(disa, 'task, explained');
    await disa.getByLabel('Mottagare').selectOption(SOLNA);
    await disa.getByLabel('Varför', { exact: true }).fill('Enligt samtal');
    await disa.getByRole('button', { name: 'Släpp' }).click();
    expect(await disa.getByRole('status').textContent()).toContain('Meddelandet är släppt');
    await hub.client.settle();
    const anna = await as('Anna Solna', `/arenden/${stay}`);
    expect(await main(anna)).toContain('Inskrivningsmeddelande');
    await disa.goto(`${hub.http}/drift`);
    expect(await main(disa)).toMatch(/Förmedling: vem som ska få veta vad\s*0/);
    await shoot(disa, 'operator, overview');
  });
});

describe('a ward without a record system', () => {
  it('sends a notice in three steps, sees before who will be told, and ends the stay from its page', async () => {
    const vera = await as('Vera Vård', '/avdelning/ny');
    let [fields, clicks] = [0, 0];
    const fill = async (label: string, value: string): Promise<void> => {
      fields += 1;
      await vera.getByLabel(label).fill(value);
    };
    const press = async (name: string): Promise<void> => {
      clicks += 1;
      await vera.getByRole('button', { name, exact: true }).click();
    };
    const check = async (label: string): Promise<void> => {
      clicks += 1;
      await vera.getByLabel(label, { exact: true }).check();
    };
    await fill('Personnummer, tolv siffror', '19610118-2803');
    await press('Hämta uppgifter');
    await shoot(vera, 'ward, form');
    expect(await main(vera)).toContain('Exempelgatan 2');
    await check('Socialtjänst');
    await fill('Beräknas hem', '2026-05-09');
    // What is written outlives a page loaded anew, and nothing but that page.
    await vera.reload();
    expect(await vera.getByLabel('Beräknas hem').inputValue()).toBe('2026-05-09');
    await check('Ja');
    await press('Granska');
    expect(await main(vera)).toMatch(/Ska vara sänt senast[\s\S]*Inskrivningsmeddelande/);
    expect(await faultsFoundByAxe(vera)).toEqual([]);
    await shoot(vera, 'ward, review');
    expect(vera.url()).not.toMatch(/1961|Test/);
    await press('Sänd');
    expect(await vera.getByRole('status').textContent()).toContain('Meddelandet är sänt');
    // The page's script runs when the page has been read, which is later than its text is there.
    await vera.waitForLoadState('load');
    expect(await vera.evaluate('sessionStorage.length')).toBe(0);
    // A minute of one who knows it: two fields and five clicks.
    expect([fields, clicks]).toEqual([2, 5]);
    await hub.client.settle();
    await vera.reload();
    await vera.getByRole('link', { name: 'Ett Testsson' }).click();
    await vera.getByText('Ändra beräknad utskrivning').click();
    await vera.locator('details[open]').getByLabel('Beräknas hem').fill('2026-05-12');
    await vera.locator('details[open]').getByRole('button').click();
    expect(await vera.getByRole('status').textContent()).toBe('Den nya tiden är sänd.');
    await vera.getByText('Skriv ut, med information').click();
    await vera
      .locator('details[open]')
      .getByLabel(/Information/)
      .fill('Hjälp med dusch.');
    // A click returns before the hub has the notice.
    const posted = vera.waitForResponse((response) => response.request().method() === 'POST');
    await vera.locator('details[open]').getByRole('button').click();
    await posted;
    await vera.waitForLoadState('load');
    await hub.client.settle();
    await vera.reload();
    expect(await main(vera)).toMatch(/Utskriven[\s\S]*Information inför utskrivning till/);
    expect(await faultsFoundByAxe(vera)).toEqual([]);
    await shoot(vera, 'ward, discharged');
  });

  it('is told what is wrong with a number, and that a protected person waits for a human', async () => {
    const vera = await as('Vera Vård', '/avdelning/ny', false);
    await vera.getByLabel('Personnummer, tolv siffror').fill('191212121213');
    await vera.getByRole('button', { name: 'Hämta uppgifter' }).click();
    expect(await vera.getByRole('alert').textContent()).toMatch(/kontrollsiffra/i);
    await vera.getByLabel('Personnummer, tolv siffror').fill('189012259801');
    await vera.getByRole('button', { name: 'Hämta uppgifter' }).click();
    expect(await main(vera)).toContain('Skyddade personuppgifter');
    expect(await main(vera)).not.toContain('Exempelgatan');
    await vera.getByLabel('Socialtjänst', { exact: true }).check();
    await vera.getByRole('button', { name: 'Granska' }).click();
    expect(await main(vera)).toContain('Ingen får veta något av detta.');
  });
});
