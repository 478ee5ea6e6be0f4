import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OperationOutcome } from 'fhir/r4.js';
import { IDS, KS, NOON, notice, saidStay, TOLVAN } from '../testing/samples.ts';
import { linkOf, matchesIn, PortalUnderTest, tokenOf, type Answer } from '../testing/portal-under-test.ts';

let portal: PortalUnderTest;
const STRICT = { prefer: 'handling=strict' };

beforeAll(async () => {
  portal = await PortalUnderTest.start({ trustedProxies: ['127.0.0.0/8'] });
  for (let n = 0; n < 5; n++) {
    await portal.deliver('0184', notice({ stay: `s${n}`, id: `n${n}`, sent: NOON + n }));
  }
  await portal.stays(saidStay({ visit: 's0' }));
});
afterAll(() => portal.stop());

const codeOf = ({ json }: Answer) => (json as OperationOutcome).issue[0]?.details?.coding?.[0]?.code;

describe('general parameters', () => {
  it.each(['_summary=count', '_count=0'])('%s tells how many there are, and shows none', async (query) => {
    for (const headers of [{}, STRICT]) {
      const { bundle, status } = await portal.get('0184', `/Communication?category=INS&${query}`, headers);
      expect([status, bundle.total, bundle.entry]).toEqual([200, 5, undefined]);
      expect(bundle.link?.map(({ relation }) => relation)).toEqual(['self']);
    }
    expect((await portal.get('0184', `/Organization?_id=0184,operator&${query}`)).bundle.total).toBe(2);
    expect((await portal.get('0186', `/Communication?${query}`)).bundle.total).toBe(0);
    const form = { identifier: TOLVAN.value, ...Object.fromEntries([query.split('=') as [string, string]]) };
    expect((await portal.search('0184', 'Patient', form)).bundle).toMatchObject({ total: 1 });
  });

  it.each([
    ['_total=accurate', 5],
    ['_total=estimate', 5],
    ['_total=none', undefined],
  ])('%s, on every page', async (query, total) => {
    const first = await portal.get('0184', `/Communication?_count=3&${query}`, STRICT);
    const second = await portal.ask(linkOf(first, 'next') ?? '', {
      headers: { authorization: `Bearer ${tokenOf('0184')}` },
    });
    expect([first.bundle.total, second.bundle.total, matchesIn(second).length]).toEqual([total, total, 2]);
  });

  it('_summary and _elements shape what is shown, are marked, and go on to the next page', async () => {
    const first = await portal.get('0184', '/Communication?_count=3&_elements=sent&_include=Communication:recipient');
    expect(linkOf(first, 'next')).toContain('_elements=sent');
    const [match] = first.bundle.entry ?? [];
    expect(Object.keys(match?.resource ?? {}).sort()).toEqual(['id', 'meta', 'resourceType', 'sent', 'status']);
    expect(match?.resource?.meta?.tag?.map(({ code }) => code)).toEqual(['SUBSETTED']);
    expect(first.bundle.entry?.find(({ search }) => search?.mode === 'include')?.resource).toHaveProperty('name');
    const read = await portal.get('0184', '/Communication/n0?_summary=true&_format=json', STRICT);
    expect(read.json).not.toHaveProperty('payload');
    expect(read.json).toHaveProperty('subject');
  });

  it.each(['_summary=false', '_format=json', '_pretty=true', '_total=none', '_contained=false', '_elements=status'])(
    'handling=strict takes %s',
    async (query) => {
      expect((await portal.get('0184', `/Communication?${query}`, STRICT)).status).toBe(200);
    },
  );

  it('_pretty=true is for people', async () => {
    expect((await portal.get('0184', '/Communication/n0?_pretty=true')).text).toContain('\n  "id": "n0"');
    expect((await portal.get('0184', '/Communication/n0?_pretty=false')).text).not.toContain('\n');
  });
});

describe('names from outside look up nothing but what we put there', () => {
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];
  it.each(names)('%s as a parameter: ignored, or refused when handling is strict', async (name) => {
    const lenient = await portal.get('0184', `/Communication?${name}=x`);
    expect([lenient.status, matchesIn(lenient).length]).toEqual([200, 5]);
    expect(linkOf(lenient, 'self')).not.toContain(name);
    const strict = await portal.get('0184', `/Communication?${name}=x`, STRICT);
    expect([strict.status, codeOf(strict)]).toEqual([400, 'BRY-3008']);
  });

  it.each(names)('%s as a code, a type, an order, an include', async (name) => {
    expect(matchesIn(await portal.get('0184', `/Communication?category=${name}`))).toEqual([]);
    expect((await portal.get('0184', `/${name}`)).status).toBe(404);
    for (const parameter of ['_sort', '_include', '_summary', '_total']) {
      expect((await portal.get('0184', `/Communication?${parameter}=${name}`)).status).toBe(400);
    }
    expect((await portal.get('0184', `/Communication?_include=Communication:${name}`)).status).toBe(400);
  });
});

describe('control characters', () => {
  it.each([
    '/Communication?_id=%00',
    '/Communication?status=completed%00',
    '/Communication/a%00',
    '/Communication?encounter=Encounter%2Fa%00b',
    '/Communication?a%0Db=1',
    '/Communication?category=%7F',
    '/Communication?category=%C2%9F',
    '/metadata?_format=%00',
    '/Patient/_search%00',
  ])('in an address are a 400: %s', async (path) => {
    const answer = await portal.get('0184', path);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BRY-3014']);
  });

  it('in a form are a 400', async () => {
    for (const identifier of ['191212121212\0', 'a\u0085b', '\u001b']) {
      const answer = await portal.search('0184', 'Patient', { identifier });
      expect([answer.status, codeOf(answer)]).toEqual([400, 'BRY-3014']);
    }
  });
});

describe('a person in a form', () => {
  it.each([
    ['Communication', { category: '19121212-1212' }],
    ['Communication', { status: '121212 1212' }],
    ['Communication', { encounter: 'Encounter/191212121212' }],
    ['Communication', { _elements: '191212121212' }],
    ['Organization', { name: '１９１２１２１２１２１２' }],
  ])('is refused where self would repeat it: %s %j', async (type, form) => {
    const answer = await portal.search('0184', type, form);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toMatch(/1212|１２/);
  });
});

describe('much at once', () => {
  it('an _include a thousand times over is one', async () => {
    const include = '_include=Communication:encounter';
    const body = Array.from({ length: 1900 }, () => include).join('&');
    const headers = {
      authorization: `Bearer ${tokenOf('0184')}`,
      'content-type': 'application/x-www-form-urlencoded',
    };
    const answer = await portal.ask('/Communication/_search', { method: 'POST', headers, body });
    expect([answer.status, answer.bundle.entry?.length]).toEqual([200, 10]);
    expect(linkOf(answer, 'self')?.match(/_include/g)).toHaveLength(1);
  });

  it.each([
    ['identifiers', 'identifier', { identifier: Array.from({ length: 3000 }, (_, n) => n).join(',') }],
    ['parameters', undefined, Object.fromEntries(Array.from({ length: 1900 }, (_, n) => [`p${n}`, 'x']))],
  ])('too many %s are refused with a code', async (_name, place, form) => {
    const answer = await portal.search('0184', 'Patient', form);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BRY-3015']);
    expect((answer.json as OperationOutcome).issue[0]?.expression).toEqual(place === undefined ? undefined : [place]);
  });

  it('the same identifier thousands of times over is one', async () => {
    const answer = await portal.search('0184', 'Patient', { identifier: Array(4000).fill(TOLVAN.value).join(',') });
    expect(matchesIn(answer)).toEqual([IDS.patientOf('0184', TOLVAN.system, TOLVAN.value)]);
  });

  it('who asks for too much at once is told to wait, and nobody else', async () => {
    const asked = Array.from({ length: 300 }, () => portal.get('0184', '/Organization?_count=200'));
    const other = await portal.get('0186', '/Communication');
    const answers = await Promise.all(asked);
    expect(other.status).toBe(200);
    expect(new Set(answers.map(({ status }) => status))).not.toContain(500);
    for (const answer of answers.filter(({ status }) => status !== 200)) {
      expect([answer.status, codeOf(answer), answer.headers.get('retry-after')]).toEqual([429, 'BRY-3016', '2']);
    }
  });

  it('an identity of everyone cannot be sought', async () => {
    const answer = await portal.search('0184', 'Patient', { identifier: `${TOLVAN.system}|` });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BRY-3007']);
  });
});

describe('behind a proxy', () => {
  const authorization = `Bearer ${tokenOf('0184')}`;
  it('links carry what a trusted proxy said in Forwarded, and no X-Forwarded-*', async () => {
    const said = { authorization, forwarded: 'for=192.0.2.7;proto=https;host=hub.example', 'x-forwarded-host': 'evil' };
    const { bundle } = await portal.ask('/Communication?_count=1', { headers: said });
    expect(bundle.link?.map(({ url }) => new URL(url).origin)).toEqual(['https://hub.example', 'https://hub.example']);
    expect(bundle.entry?.[0]?.fullUrl).toBe('https://hub.example/fhir/Communication/n0');
    const metadata = await portal.ask('/metadata', { headers: said });
    expect(metadata.json).toMatchObject({ implementation: { url: 'https://hub.example/fhir' } });
    const encounter = `https://hub.example/fhir/Encounter/${IDS.stay(KS, 's0')}`;
    const byAddress = await portal.ask(`/Communication?encounter=${encounter}`, { headers: said });
    expect(matchesIn(byAddress)).toEqual(['n0']);
  });
});
