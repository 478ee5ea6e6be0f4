import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR } from '../../apps/simulator/src/county/county-time.ts';
import { HOSPITALS } from '../../apps/simulator/src/county/hospitals.ts';
import { REGISTERED } from '../../apps/simulator/src/county/people.ts';
import { need, order } from '../../apps/simulator/src/messages/ward-message.ts';
import type { TestHub } from '../hub/test-hub.ts';
import { until } from '../hub/until.ts';
import { bedAt, CLINIC, SOLNA, Ward } from '../hub/ward.ts';
import { faultsFoundByAxe, shoot } from './browser.ts';
import { fillIn, main, send } from './people.ts';
import { publishMonths } from './published-months.ts';
import { inField, saidByNobody, unreadable } from './rejected-messages.ts';
import { SignedInHub } from './signed-in-hub.ts';

/** What comes of a notice that never came, and what the operator does by hand: on a whole hub, by clicks. */

const START = Date.parse('2026-05-04T08:00:00+02:00');
const PARTIES = join(import.meta.dirname, '../../deploy/county/parties.json');
const PEOPLE = [
  { name: 'Anna Solna', unit: SOLNA, title: 'Handläggare, Solna' },
  { name: 'Olle Avdelning', unit: 'sender:OS', title: 'Sjuksköterska' },
  { name: 'Frida Följer', unit: 'storsthlm', title: 'Utredare, Storsthlm' },
  { name: 'Bo Mottagning', unit: CLINIC, title: 'Samordnare, mottagningen' },
  { name: 'Disa Drift', unit: 'operator', title: 'Operatör' },
];

let signedIn: SignedInHub;
let county: string;
let hub: TestHub;

beforeAll(async () => {
  // A county of its own: an agreement of it is mended while the hub runs.
  county = mkdtempSync(join(tmpdir(), 'bryggan-county-'));
  cpSync(join(import.meta.dirname, '../../deploy/county'), county, { recursive: true });
  signedIn = await SignedInHub.start('cases-clicked', PEOPLE, {
    ...{ clockStart: START, settings: { BRYGGAN_COUNTY: county } },
  });
  ({ hub } = signedIn);
}, 240_000);

afterAll(async () => {
  await signedIn.dispose();
  rmSync(county, { recursive: true, force: true });
}, 120_000);

/** What a municipality reports by its own system: it was not told, and so has no case to report from. */
async function reported(): Promise<void> {
  const { organisation } = HOSPITALS.OS;
  const form = { code: 'REPORT', deviation: 'INS-01', on: '2026-05-04', consequence: 'delay', consent: false };
  const person = { type: 'personnummer', value: REGISTERED[0]!.number };
  const response = await fetch(`${hub.http}/deviation-reports`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${hub.token(SOLNA)}`,
      'content-type': 'application/json',
      'idempotency-key': 'report-1',
    },
    body: JSON.stringify({ ...form, person, organisation, text: 'Ingen sade något.' }),
  });
  expect(response.status).toBe(202);
  await hub.client.settle();
}

describe('a deviation case', () => {
  it('is taken, escalated, asked about, answered and closed by clicks, without JavaScript', async () => {
    const ward = new Ward('case-1', bedAt(START, { sender: 'OS' }));
    await hub.send('OS', ward.message('A01', START, { facts: [{ code: 'NEED', value: ['SOC'] }] }));
    await hub.to(START + 26 * HOUR);
    const olle = await signedIn.as('Olle Avdelning', '/avvikelser', false);
    await olle.getByRole('table').getByRole('link').first().click();
    expect(await main(olle)).toContain('INS-01');
    await shoot(olle, 'deviation, new');
    await fillIn(olle, 'Ta hand om', () => Promise.resolve());
    expect(await main(olle)).toContain('Ta hand om: gjort.');
    await hub.client.settle();
    await olle.reload();
    expect(await main(olle)).toContain('Hos enheten');
    await reported();
    const anna = await signedIn.as('Anna Solna', '/avvikelser', false);
    await anna.getByRole('table').getByRole('link').first().click();
    await fillIn(anna, 'Lyft vidare', (form) => form.getByLabel('Varför').selectOption('of-principle'));
    await hub.client.settle();
    const frida = await signedIn.as('Frida Följer', '/avvikelser?state=storsthlm&step=5', false);
    expect(await main(frida)).toContain('Ingen avvikelse stämmer med urvalet');
    const filter = frida.getByRole('form', { name: 'Urval' });
    await filter.getByLabel('Steg').selectOption('1');
    await filter.getByLabel('Vårdform').selectOption('SOM');
    await filter.getByRole('button', { name: 'Visa' }).click();
    expect(frida.url()).toMatch(/\?state=storsthlm&step=1&code=&careType=SOM/);
    await shoot(frida, 'deviations, reviewer');
    expect(await signedIn.faultsOn(frida)).toEqual([]);
    const file = await frida.getByRole('link', { name: 'Hämta urvalet som CSV' }).getAttribute('href');
    const csv = await (await frida.request.get(`${hub.http}${file}`)).text();
    expect(csv).toMatch(/^2026-05;INS-01;[^;]+;Hos Storsthlm;/m);
    expect(csv).not.toMatch(/Tolvan|1212|SE2321/);
    expect((await olle.request.get(`${hub.http}/avvikelser/fil`)).status()).toBe(404);
    await frida.getByRole('table').getByRole('link').first().click();
    expect(await main(frida)).not.toMatch(/Tolvan|1212|Till ärendet/);
    await fillIn(frida, 'Fråga', (form) => form.getByLabel('Fråga').selectOption('cause'));
    await hub.client.settle();
    await olle.reload();
    expect(await main(olle)).toContain('Vad var orsaken?');
    await fillIn(olle, 'Svara', async (form) => {
      await form.getByLabel('Orsak').selectOption('routine-unknown');
      await form.getByLabel('Åtgärd').selectOption('staff-informed');
      await form.getByLabel('Med egna ord').fill('Vi har gått igenom rutinen.');
    });
    await hub.client.settle();
    await olle.reload();
    await shoot(olle, 'deviation, answered');
    expect(await signedIn.faultsOn(olle)).toEqual([]);
    await frida.reload();
    expect(await main(frida)).toContain('Rutinen var inte känd');
    expect(await main(frida)).not.toContain('gått igenom');
    await shoot(frida, 'deviation, reviewer');
    expect(await signedIn.faultsOn(frida)).toEqual([]);
    await fillIn(frida, 'Avsluta', (form) => form.getByLabel('Varför').selectOption('settled'));
    await hub.client.settle();
    await frida.reload();
    expect(await main(frida)).toContain('Avslutad');
  });
});

describe('a message that was not taken', () => {
  it('is seen for a reason that is kept, tried, mended and sent in its sender’s name', async () => {
    await hub.send('KS', unreadable('broken-1', hub.now));
    await hub.client.settle();
    const disa = await signedIn.as('Disa Drift', '/drift/avvisade');
    await shoot(disa, 'operator, rejected');
    await disa.getByRole('table').getByRole('link').first().click();
    expect(await main(disa)).not.toMatch(/MSH\||Tolvan|1212/);
    await shoot(disa, 'operator, rejected one');
    expect(await faultsFoundByAxe(disa)).toEqual([]);
    const ask = disa.getByRole('form', { name: 'Visa innehållet' });
    await ask.getByLabel('Varför du behöver se det').fill('Ringer sjukhuset om PV1-19');
    await send(disa, ask.getByRole('button'));
    const text = disa.getByLabel('Meddelandet');
    const content = await text.inputValue();
    expect(content).toMatch(/^MSH\|[^]*\nPV1\|/);
    const why = disa.getByLabel('Varför, och vem hos avsändaren som vet om det');
    await why.fill('Enligt samtal med journalstöd');
    await send(disa, disa.getByRole('button', { name: 'Prova' }));
    expect(await main(disa)).toContain('Så läses det');
    await text.fill(
      content
        .split('\n')
        .map((line) => (line.startsWith('PV1|') ? inField(line, 19, 'broken-1') : line))
        .join('\n'),
    );
    await send(disa, disa.getByRole('button', { name: 'Prova' }));
    await shoot(disa, 'operator, mending');
    expect(await faultsFoundByAxe(disa)).toEqual([]);
    await send(disa, disa.getByRole('button', { name: 'Sänd det rättade' }));
    expect(await main(disa)).toMatch(/Rättat och sänt\s*Enligt samtal med journalstöd\s*Av Disa Drift/);
    await hub.client.settle();
    await disa.goto(`${hub.http}/drift/avvisade`);
    expect(await main(disa)).toContain('Hanterat');
    const anna = await signedIn.as('Anna Solna', `/arenden/${hub.stayId('KS', 'broken-1')}`);
    expect(await main(anna)).toContain('Inskrivningsmeddelande');
  });

  it('is read anew: says what is still wrong with it, and is delivered when the agreement has been mended', async () => {
    const text = unreadable('broken-2', hub.now, 'DS')
      .toString()
      .replace(/PV1\|[^\r]*/, (segment) => inField(segment, 50, 'broken-2'));
    await hub.send('DS', Buffer.from(text));
    await hub.client.settle();
    const disa = await signedIn.as('Disa Drift', '/drift/avvisade', false);
    const row = disa.getByRole('row').filter({ hasText: 'broken-2' });
    await row.getByRole('link').click();
    const readAgain = async (): Promise<void> => {
      const again = disa.getByRole('form', { name: 'Läs om' });
      await again.getByLabel('Varför').fill('Avtalet är rättat');
      const loaded = disa.waitForEvent('load');
      await again.getByRole('button').click();
      await loaded;
    };
    await readAgain();
    expect(await disa.getByRole('alert').textContent()).toMatch(/vårdtillfälle/i);
    await shoot(disa, 'operator, read anew');
    const file = join(county, 'agreements/DS.json');
    const agreement = JSON.parse(readFileSync(file, 'utf8')) as { revision: number; fields?: object };
    const fields = { ...agreement.fields, visitId: 'PV1-50' };
    writeFileSync(file, JSON.stringify({ ...agreement, revision: agreement.revision + 1, fields }));
    process.kill(hub.pid, 'SIGHUP');
    await until('the county is read', () => readFileSync(hub.logFile, 'utf8').includes('county.changed'));
    await readAgain();
    expect(await main(disa)).toContain('Meddelandet är läst');
    await hub.client.settle();
    await disa.goto(`${hub.http}/drift/avvisade`);
    expect(await row.count()).toBe(0);
    const anna = await signedIn.as('Anna Solna', `/arenden/${hub.stayId('DS', 'broken-2')}`);
    expect(await main(anna)).toContain('Inskrivningsmeddelande');
  });

  it('or an event that the router could not apply, is tried again or dismissed, and shows nobody’s content', async () => {
    await saidByNobody(hub);
    await hub.client.settle();
    const disa = await signedIn.as('Disa Drift', '/drift/avvisade', false);
    const row = disa.getByRole('row').filter({ hasText: 'lagd åt sidan' });
    await row.getByRole('link').click();
    expect(await disa.getByRole('form', { name: 'Visa innehållet' }).count()).toBe(0);
    await shoot(disa, 'operator, set aside');
    expect(await signedIn.faultsOn(disa)).toEqual([]);
    for (const [form, answer] of [
      ['Läs om', /prövas igen/],
      ['Avfärda', /avfärdad/],
    ] as const) {
      const why = disa.getByRole('form', { name: form }).getByLabel('Varför');
      await why.focus();
      await disa.keyboard.type('Felet är rättat');
      const loaded = disa.waitForEvent('load');
      await disa.keyboard.press('Enter');
      await loaded;
      expect(await disa.getByRole('status').textContent()).toMatch(answer);
      await hub.client.settle();
      await row.getByRole('link').click();
    }
    expect(await main(disa)).toMatch(/Avfärdat[^]*Läst om/);
  });
});

describe('what the operator decides of a stay', () => {
  it('is a call, a protection lifted, two persons or two stays that are one, each taken back', async () => {
    const one = new Ward('hand-1', bedAt(hub.now, { person: REGISTERED[3]! }));
    const other = new Ward('hand-2', bedAt(hub.now, { person: REGISTERED[2]! }));
    const facts = [need(['SOC'])];
    await hub.send('KS', one.message('A01', hub.now, { facts, protection: 'PV2-22' }));
    await hub.send('KS', other.message('A01', hub.now, { facts }));
    await hub.client.settle();
    const stay = hub.stayId('KS', 'hand-1');
    await hub.to(hub.now + HOUR);
    const disa = await signedIn.as('Disa Drift', `/drift/vardtillfallen/${stay}`, false);
    await fillIn(disa, 'Skriv in ett samtal eller fax', async (form) => {
      await form.getByLabel('Vem fick veta').selectOption(SOLNA);
      await form.getByLabel('Vad', { exact: true }).selectOption('INS');
      await form.getByLabel('Varför').fill('Socialjouren ringde');
    });
    expect(await main(disa)).toMatch(/Samtal inskrivet\s*Socialjouren ringde\s*Av Disa Drift/);
    await fillIn(disa, 'Häv skyddet av personuppgifterna', (form) =>
      form.getByLabel('Varför').fill('Skatteverket har svarat'),
    );
    await hub.client.settle();
    // A message of somebody who is protected carries no address: the next one does, and goes by the rules again.
    await hub.send('KS', one.message('A08', hub.now, { facts }));
    await hub.client.settle();
    const anna = await signedIn.as('Anna Solna', `/arenden/${stay}`);
    expect(await main(anna)).toContain('Inskrivningsmeddelande');
    await fillIn(disa, 'För samman med en annan person', async (form) => {
      await form.getByLabel('Det andra vårdtillfällets id').fill(hub.stayId('KS', 'hand-2'));
      await form.getByLabel('Varför').fill('Bekräftat av sjukhuset');
    });
    const again = new Ward('hand-3', bedAt(hub.now, { person: REGISTERED[3]! }));
    await hub.send('KS', again.message('A01', hub.now, { facts }));
    await hub.client.settle();
    await fillIn(disa, 'För samman med ett annat vårdtillfälle', async (form) => {
      await form.getByLabel('Det andra vårdtillfällets id').fill(hub.stayId('KS', 'hand-3'));
      await form.getByLabel('Varför').fill('Samma vårdtillfälle, enligt sjukhuset');
    });
    expect(await main(disa)).toMatch(/Vårdtillfällen sammanförda\s*Samma vårdtillfälle/);
    await shoot(disa, 'operator, stay');
    expect(await signedIn.faultsOn(disa)).toEqual([]);
    // The latest stands first.
    for (const why of ['Två vårdtillfällen', 'Fel person']) {
      await fillIn(disa, 'Ta tillbaka', (form) => form.getByLabel('Varför').fill(why));
      expect(await main(disa)).toMatch(new RegExp(`Beslut återtaget\\s*${why}`));
    }
    await hub.client.settle();
  });

  it('and a new directory is tried before it is taken, and a faulty one is refused whole', async () => {
    const parties = JSON.parse(readFileSync(PARTIES, 'utf8')) as { parties: { id: string; outOfHours?: string }[] };
    const solna = parties.parties.find(({ id }) => id === SOLNA)!;
    solna.outOfHours = '08-123 45 67';
    const file = (content: object) => ({
      ...{ name: 'parties.json', mimeType: 'application/json' },
      buffer: Buffer.from(JSON.stringify(content)),
    });
    const disa = await signedIn.as('Disa Drift', '/drift/katalog');
    const take = async (content: object, button: string): Promise<string> => {
      await disa.getByLabel('Parter (parties.json)').setInputFiles(file(content));
      await disa.getByLabel('Varför').fill('Jourens nya nummer');
      const loaded = disa.waitForEvent('load');
      await disa.getByRole('button', { name: button }).click();
      await loaded;
      return main(disa);
    };
    expect(await take({ parties: [{ id: 'x' }] }, 'Prova')).toMatch(/Katalogen är felaktig/);
    await shoot(disa, 'operator, directory refused');
    expect(await take(parties, 'Prova')).toMatch(/Så skulle det bli[^]*ändrad: 0184 [^]*outOfHours/);
    expect(await faultsFoundByAxe(disa)).toEqual([]);
    await shoot(disa, 'operator, directory tried');
    expect(await take(parties, 'Läs in')).toMatch(
      /Katalogen är inläst[^]*Ny katalog\s*Jourens nya nummer\s*Av Disa Drift/,
    );
  });
});

describe('a call, a concern report and a notice', () => {
  it('stand side by side and none is made of another; the board sees that a concern report came, the clinic does not', async () => {
    const ward = new Ward('maria-1', bedAt(hub.now, { sender: 'OS', person: REGISTERED[1]! }));
    await hub.send('OS', ward.message('A01', hub.now, { facts: [need(['SOC', 'ROV'])] }));
    await hub.send('OS', ward.message('A08', hub.now, { facts: [order()] }));
    await hub.client.settle();
    const stay = hub.stayId('OS', 'maria-1');
    const olle = await signedIn.as('Olle Avdelning', `/avdelning/${stay}`, false);
    await fillIn(olle, 'Skriv in att en orosanmälan är gjord', async (form) => {
      await form.getByLabel('Till vilken nämnd').selectOption(SOLNA);
      await form.getByLabel('telefon').check();
    });
    await fillIn(olle, 'Skriv in ett samtal eller fax', async (form) => {
      await form.getByLabel('Vem').selectOption(SOLNA);
      await form.getByLabel('Varför inte genom Bryggan').fill('Socialjouren, natt');
    });
    expect(await main(olle)).toMatch(/Samtal\s*Solna stad, .*telefon\s*Orosanmälan\s*Solna stad, .*telefon/);
    await shoot(olle, 'ward, call and concern report');
    expect(await signedIn.faultsOn(olle)).toEqual([]);
    await hub.client.settle();
    const anna = await signedIn.as('Anna Solna', `/arenden/${stay}`, false);
    expect(await main(anna)).toMatch(/Orosanmälan från avdelningen/);
    expect(await main(anna)).toMatch(/Samtal från avdelningen/);
    await shoot(anna, 'case, concern report');
    expect(await signedIn.faultsOn(anna)).toEqual([]);
    const bo = await signedIn.as('Bo Mottagning', `/arenden/${stay}`, false);
    expect(await main(bo)).not.toMatch(/Oros|Samtal från/);
    expect(JSON.stringify((await hub.outcome()).records.map(({ value }) => value.toString()))).not.toMatch(
      /oros|concern/i,
    );
    await send(olle, olle.getByRole('button', { name: /felskriven/ }));
    expect(await main(olle)).toMatch(/Orosanmälan\s*inte gjort/);
    await anna.reload();
    expect(await main(anna)).not.toContain('Orosanmälan från');
  });
});

describe('the months that are closed', () => {
  it('are pictures with their tables, and reports of county, municipality, board and hospital as page, PDF and CSV', async () => {
    await publishMonths(hub);
    const frida = await signedIn.as('Frida Följer', '/uppfoljning');
    await shoot(frida, 'review, patterns');
    expect(await faultsFoundByAxe(frida)).toEqual([]);
    expect(await frida.locator('svg.picture:not(.legend *)').count()).toBe(6);
    await frida.getByRole('link', { name: /Månadsrapport/ }).click();
    await shoot(frida, 'review, report');
    for (const [name, id] of [
      ['Solna stad', 'kommun/0184'],
      ['Järva stadsdelsnämnd', 'namnd/0180-jarva'],
      ['Klarasjukhuset', 'sjukhus/KS'],
    ] as const) {
      await frida.getByRole('link', { name, exact: false }).first().click();
      await frida.waitForURL(new RegExp(id));
      expect(await main(frida)).toContain(name);
      expect(await faultsFoundByAxe(frida)).toEqual([]);
      await shoot(frida, `review, report of ${name}`);
      const pdf = await frida.request.get(`${frida.url()}/pdf`);
      expect((await pdf.body()).subarray(0, 5).toString()).toBe('%PDF-');
      const csv = await (await frida.request.get(`${frida.url()}/csv`)).text();
      expect(csv.split('\r\n')[0]).toBe(
        '\uFEFFmanad;kod;avvikelse;antal;manaden_fore;utskrivningar;andel;andel_i_lanet',
      );
      expect(csv).toMatch(/^2026-04;INS-01;/m);
    }
    const published = await frida.request.get(`${hub.http}/uppfoljning/2026-04/kommun/0184/sida`);
    expect(published.headers()['content-disposition']).toContain('avvikelser-2026-04-0184.html');
    const html = await published.text();
    expect(html).not.toMatch(/<script|href=|src=|url\(/);
    const elsewhere = await frida.context().newPage();
    await elsewhere.setContent(html);
    await shoot(elsewhere, 'review, public page');
    expect(await faultsFoundByAxe(elsewhere)).toEqual([]);
    for (const path of ['kommun/0184', 'rapport/pdf', 'tal']) {
      const anna = await signedIn.as('Anna Solna', '/inkorg');
      expect((await anna.request.get(`${hub.http}/uppfoljning/2026-04/${path}`)).status()).toBe(404);
      await anna.context().close();
    }
  });
});
