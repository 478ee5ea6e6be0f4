import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CapabilityStatement, OperationOutcome } from 'fhir/r4.js';
import { deviation, IDS, KS, NILS, NOON, notice, receipt, saidStay, task, TOLVAN } from '../testing/samples.ts';
import { linkOf, matchesIn, PortalUnderTest, tokenOf, type Answer } from '../testing/portal-under-test.ts';
import { TYPES } from './search-parameters.ts';

let portal: PortalUnderTest;
const DAY = 86_400_000;
const kinds = ['INS', 'BUT', 'UTK', 'UTS', 'INFO'] as const;
const stay = (visit: string) => IDS.stay(KS, visit);
const subject = IDS.patientOf('0184', TOLVAN.system, TOLVAN.value);

beforeAll(async () => {
  portal = await PortalUnderTest.start();
  for (const [at, kind] of kinds.entries()) {
    portal.now = NOON + at * 1000;
    await portal.deliver('0184', notice({ stay: 'a', id: `a-${kind}`, content: { kind }, sent: NOON + at * DAY }));
  }
  portal.now = NOON + 10_000;
  await portal.deliver('0184', notice({ stay: 'b', id: 'b-INS', person: NILS, sent: NOON - DAY }));
  await portal.deliver('0186', notice({ party: '0186', stay: 'a', id: 'neighbours' }));
  await portal.stays(saidStay({ visit: 'a' }));
  await portal.tasks(
    task({ id: 'task-1', due: NOON }),
    task({ id: 'task-2', code: 'COMPLETE-INS', due: NOON + DAY, owner: 'operator' }),
  );
  await portal.deviationsTo(
    KS,
    deviation({ id: 'dev-1', code: 'INS-01' }),
    deviation({ id: 'dev-2', code: 'UTS-01', identified: NOON + DAY }),
  );
});
afterAll(() => portal.stop());

const issueOf = ({ json }: Answer) => (json as OperationOutcome).issue[0];
const codeOf = (answer: Answer) => issueOf(answer)?.details?.coding?.[0]?.code;

describe('search', () => {
  const all = ['b-INS', ...kinds.map((kind) => `a-${kind}`)].sort();
  it.each([
    ['0184', 'Communication', '', all],
    ['0184', 'Communication', '_id=a-INS,b-INS,neighbours', ['a-INS', 'b-INS']],
    ['0184', 'Communication', 'category=INS', ['a-INS', 'b-INS']],
    ['0184', 'Communication', 'category=INS,BUT&_id=a-BUT', ['a-BUT']],
    ['0184', 'Communication', 'category=https://bryggan.example/fhir/CodeSystem/notice|UTS', ['a-UTS']],
    ['0184', 'Communication', 'category=http://elsewhere|UTS', []],
    ['0184', 'Communication', 'category=%7CUTS', []],
    ['0184', 'Communication', 'category=https://bryggan.example/fhir/CodeSystem/notice|', all],
    ['0184', 'Communication', 'category=http://elsewhere|', []],
    ['0184', 'Communication', 'category=http://elsewhere|,BUT', ['a-BUT']],
    ['0184', 'Communication', 'category=BUT,https://bryggan.example/fhir/CodeSystem/notice|', all],
    ['0184', 'Communication', 'status=http://hl7.org/fhir/event-status|', all],
    ['0184', 'Communication', '_id=%7Ca-INS', ['a-INS']],
    ['0184', 'Communication', '_id=http://elsewhere|a-INS', []],
    ['0184', 'Communication', '_id=a-INS,a-INS&_id=a-INS', ['a-INS']],
    ['0184', 'Communication', 'recipient=0184', all],
    ['0184', 'Communication', 'recipient=Organization/0184', all],
    ['0184', 'Communication', 'recipient=Patient/0184', []],
    ['0184', 'Communication', 'recipient=0186', []],
    ['0184', 'Communication', `encounter=${stay('b')}`, ['b-INS']],
    ['0184', 'Communication', `encounter=Encounter/${stay('b')}`, ['b-INS']],
    ['0184', 'Communication', `subject=${subject}&category=INS`, ['a-INS']],
    ['0184', 'Communication', `patient=Patient/${subject}&category=INS`, ['a-INS']],
    ['0184', 'Communication', 'sent=2026-05-10', ['a-INS']],
    ['0184', 'Communication', 'sent=ne2026-05-10&category=INS', ['b-INS']],
    ['0184', 'Communication', 'sent=ge2026-05-12T00:00:00%2B02:00', ['a-INFO', 'a-UTK', 'a-UTS']],
    ['0184', 'Communication', 'sent=ge2026-05-12T00:00:00+02:00', ['a-INFO', 'a-UTK', 'a-UTS']],
    ['0184', 'Communication', 'sent=gt2026-05-12&sent=lt2026-05-14', ['a-UTS']],
    ['0184', 'Communication', 'sent=le2026-05-10T12:00', ['a-INS', 'b-INS']],
    ['0184', 'Communication', `sent=${new Date(NOON).toISOString().replace('Z', '000000Z')}`, ['a-INS']],
    ['0184', 'Communication', `sent=${new Date(NOON).toISOString().replace('Z', '0001Z')}`, []],
    ['0184', 'Communication', `sent=ge${new Date(NOON).toISOString().replace('Z', '0001Z')}&category=INS`, []],
    [
      '0184',
      'Communication',
      `sent=lt${new Date(NOON).toISOString().replace('Z', '0001Z')}&category=INS`,
      ['a-INS', 'b-INS'],
    ],
    ['0184', 'Communication', 'sent=le9999-12-31T23:59:59.9999999Z', all],
    ['0184', 'Communication', 'sent=ge0001-01-01', all],
    ['0184', 'Communication', 'sent=le9999', all],
    ['0184', 'Communication', 'sent=2026-05', all],
    ['0184', 'Communication', 'status=entered-in-error', []],
    ['0184', 'Communication', 'status=http://hl7.org/fhir/event-status|completed&category=BUT', ['a-BUT']],
    ['0184', 'Communication', `_lastUpdated=ge${new Date(NOON + 4000).toISOString()}`, ['a-INFO', 'b-INS']],
    ['0184', 'Encounter', 'status=finished', [stay('a')]],
    ['0184', 'Encounter', `subject=${subject}`, [stay('a')]],
    ['0184', 'Patient', `_id=${subject}`, [subject]],
    ['0184', 'Task', '', []],
    ['operator', 'Task', 'code=STATE-GROUND', ['task-1']],
    ['operator', 'Task', 'owner=operator', ['task-2']],
    ['operator', 'Task', 'period=lt2026-05-11', ['task-1']],
    ['operator', 'Task', `focus=Encounter/${stay('stay-1')}&status=requested`, ['task-1', 'task-2']],
    ['sender:KS', 'DetectedIssue', 'code=UTS-01', ['dev-2']],
    ['sender:KS', 'DetectedIssue', 'status=final&identified=2026-05-10', ['dev-1']],
    ['sender:KS', 'DetectedIssue', `encounter=${stay('stay-1')}`, ['dev-1', 'dev-2']],
    ['sender:KS', 'DetectedIssue', `implicated=Encounter/${stay('stay-1')}`, ['dev-1', 'dev-2']],
    ['0184', 'Organization', 'identifier=SE2321000016-1001', ['SE2321000016-1001']],
    ['0184', 'Organization', '_id=0184,operator', ['0184', 'operator']],
    ['0184', 'Organization', 'identifier=urn:oid:1.2.752.29.4.19|SE2321000016-1001', ['SE2321000016-1001']],
    ['storsthlm', 'Communication', '', []],
  ])('%s: %s?%s', async (caller, type, query, expected) => {
    const answer = await portal.get(caller, `/${type}?${query}`);
    expect(answer.status).toBe(200);
    expect(matchesIn(answer).sort()).toEqual([...expected].sort());
    expect(answer.bundle).toMatchObject({ resourceType: 'Bundle', type: 'searchset', total: expected.length });
  });

  it('finds an organisation by the beginning of a word of its name, whatever the case and accents', async () => {
    const answer = await portal.get('0184', '/Organization?name=HARRYDA,vasby');
    expect(matchesIn(answer)).toEqual(['0114']);
  });

  it.each([
    ['Patient', { identifier: TOLVAN.value }, subject],
    ['Patient', { identifier: `${TOLVAN.system}|19121212-1212` }, subject],
    ['Patient', { name: 'tolvans' }, subject],
    ['Patient', { name: 'AKERSTR' }, IDS.patientOf('0184', NILS.system, NILS.value)],
    ['Communication', { 'subject:identifier': NILS.value }, 'b-INS'],
    ['Communication', { 'patient.identifier': NILS.value }, 'b-INS'],
    ['Encounter', { 'subject.identifier': NILS.value }, stay('b')],
  ])('POST _search takes a person: %s %j', async (type, form, id) => {
    const answer = await portal.search('0184', type, form);
    expect(matchesIn(answer)).toEqual([id]);
    expect(linkOf(answer, 'self')).not.toMatch(/Tolvans|1212121212|9002029800|identifier|name/i);
    expect(matchesIn(await portal.search('0188', type, form as Record<string, string>))).toEqual([]);
  });

  it('has the operator find a person in the views of all senders', async () => {
    expect(matchesIn(await portal.search('operator', 'Patient', { identifier: TOLVAN.value }))).toEqual([
      IDS.patientOf(KS, TOLVAN.system, TOLVAN.value),
    ]);
  });

  it('finds what was told of a person in the hub view, where receipts name nobody', async () => {
    await portal.receipts(receipt(notice({ stay: 'a', id: 'told-of-a' })));
    const about = IDS.patientOf(KS, TOLVAN.system, TOLVAN.value);
    for (const caller of ['sender:KS', 'operator']) {
      const answer = await portal.search(caller, 'Communication', { 'patient.identifier': TOLVAN.value });
      expect(matchesIn(answer)).toEqual(['told-of-a']);
      expect(matchesIn(await portal.get(caller, `/Communication?subject=${about}&category=INS`))).toEqual([
        'told-of-a',
      ]);
      expect(matchesIn(await portal.search(caller, 'Communication', { 'patient.identifier': NILS.value }))).toEqual([]);
    }
    const other = await portal.search('sender:DS', 'Communication', { 'patient.identifier': TOLVAN.value });
    expect(matchesIn(other)).toEqual([]);
  });

  it('includes what the matches point at, once', async () => {
    const answer = await portal.get(
      '0184',
      '/Communication?category=INS,BUT&_include=Communication:encounter&_include=Communication:subject',
    );
    const included = answer.bundle.entry
      ?.filter(({ search }) => search?.mode === 'include')
      .map(({ fullUrl }) => fullUrl);
    expect(included).toHaveLength(4);
    expect(included).toContain(`${portal.base}/Encounter/${stay('a')}`);
  });

  it("pages through everything once, either way, with links on the request's own host", async () => {
    for (const sort of ['_lastUpdated', '-_lastUpdated', 'sent', '-sent']) {
      const seen: string[] = [];
      let next: string | undefined = `${portal.base}/Communication?_count=4&_sort=${sort}`;
      while (next !== undefined) {
        const answer: Answer = await portal.ask(next, {
          headers: { authorization: `Bearer ${tokenOf('0184')}`, 'x-forwarded-host': 'evil.example' },
        });
        seen.push(...matchesIn(answer));
        expect(linkOf(answer, 'self')).toMatch(`${portal.base}/Communication?`);
        next = linkOf(answer, 'next');
        expect(answer.bundle.total).toBeUndefined();
      }
      expect([...seen].sort()).toEqual(all);
      const bySent = ['b-INS', ...kinds.map((kind) => `a-${kind}`)];
      if (sort.endsWith('sent')) expect(seen).toEqual(sort === 'sent' ? bySent : bySent.reverse());
    }
  });

  it('pages through organisations in the same way', async () => {
    const whole = matchesIn(await portal.get('0184', '/Organization?_count=200'));
    const seen: string[] = [];
    let next: string | undefined = `${portal.base}/Organization?_count=20`;
    while (next !== undefined) {
      const answer: Answer = await portal.ask(next, { headers: { authorization: `Bearer ${tokenOf('0184')}` } });
      seen.push(...matchesIn(answer));
      next = linkOf(answer, 'next');
    }
    expect(seen).toEqual(whole);
    expect(seen.length).toBeGreaterThan(40);
  });

  it('tells in self what it applied: an unknown parameter is not there, and is refused when handling is strict', async () => {
    const answer = await portal.get('0184', '/Communication?category=INS&colour=red&subject.name-like=x');
    expect(linkOf(answer, 'self')).toBe(`${portal.base}/Communication?category=INS&_sort=_lastUpdated&_count=50`);
    const strict = await portal.get('0184', '/Communication?colour=red', { prefer: 'return=minimal; handling=strict' });
    expect([strict.status, codeOf(strict), issueOf(strict)?.code]).toEqual([400, 'BRY-3008', 'not-supported']);
  });
});

describe('a person in a URL', () => {
  it.each([
    '/Patient?identifier=19121212-1212',
    '/Patient?identifier=x',
    '/Patient?identifier:exact=x',
    '/Patient?name=x',
    '/Patient?family=x',
    '/Patient?birthdate=1912-12-12',
    '/Patient?address-city=x',
    '/Communication?subject:identifier=x',
    '/Communication?subject.identifier=x',
    '/Communication?subject:Patient.name=x',
    '/Communication?patient.family=x',
    '/Encounter?patient.identifier=x',
    '/Encounter?whatever=191212121212',
    '/Communication?category=1212121212',
    '/Communication?category=121212-1212',
    '/Communication?category=121212%2B1212',
    '/Communication?191212121212',
    '/Communication/191212121212',
    '/Communication/121212-1212',
    '/Patient/191212121212?x=1',
    '/Communication/x?y=196109732393',
    '/Organization?name=991981000010',
  ])('is refused: %s', async (path) => {
    const answer = await portal.get('0184', path);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BRY-3009']);
    expect(answer.text).not.toMatch(/1212|9732|1981/);
  });

  it('is refused in the URL of a POST too', async () => {
    const answer = await portal.ask('/Patient/_search?identifier=x', {
      method: 'POST',
      headers: { authorization: `Bearer ${tokenOf('0184')}` },
      body: new URLSearchParams({}),
    });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BRY-3009']);
  });
});

describe('what cannot be answered is an OperationOutcome from the table', () => {
  it.each([
    ['GET', '/Communication?category:not=INS', {}, 400, 'BRY-3007'],
    ['GET', '/Communication?category=', {}, 400, 'BRY-3007'],
    ['GET', '/Communication?sent=yesterday', {}, 400, 'BRY-3007'],
    ['GET', '/Communication?sent=2026-02-30', {}, 400, 'BRY-3007'],
    ['GET', '/Communication?sent=ap2026-02-03', {}, 400, 'BRY-3007'],
    ['GET', '/Communication?_count=-1', {}, 400, 'BRY-3007'],
    ['GET', '/Communication?_count=many', {}, 400, 'BRY-3007'],
    ['GET', '/Communication?_sort=category', {}, 400, 'BRY-3007'],
    ['GET', '/Communication?_include=Communication:sender', {}, 400, 'BRY-3007'],
    ['GET', '/Communication?_include=*', {}, 400, 'BRY-3007'],
    ['GET', '/Communication?_cursor=abc', {}, 400, 'BRY-3012'],
    ['GET', '/Communication?category=%zz', {}, 400, 'BRY-3007'],
    ['GET', '/Appointment', {}, 404, 'BRY-3003'],
    ['GET', '/', {}, 404, 'BRY-3003'],
    ['GET', '', {}, 404, 'BRY-3003'],
    ['GET', '/Communication/a-INS/_history/1', {}, 404, 'BRY-3003'],
    ['GET', '/Communication/%zz', {}, 404, 'BRY-3003'],
    ['GET', '/Communication/nothing', {}, 404, 'BRY-3003'],
    ['GET', '/no/such/place/at/all', {}, 404, 'BRY-3003'],
    ['POST', '/Communication', {}, 405, 'BRY-3004'],
    ['PUT', '/Communication/a-INS', {}, 405, 'BRY-3004'],
    ['DELETE', '/Communication/a-INS', {}, 405, 'BRY-3004'],
    ['PATCH', '/Communication/a-INS', {}, 405, 'BRY-3004'],
    ['GET', '/Communication/_search', {}, 405, 'BRY-3004'],
    ['POST', '/metadata', {}, 405, 'BRY-3004'],
    ['GET', '/Communication', { accept: 'application/fhir+xml' }, 406, 'BRY-3005'],
    ['GET', '/Communication?_format=xml', {}, 406, 'BRY-3005'],
    ['GET', '/Communication', { accept: 'application/fhir+json; fhirVersion=3.0' }, 406, 'BRY-3005'],
    ['POST', '/Communication/_search', { 'content-type': 'application/fhir+json' }, 415, 'BRY-3006'],
    [
      'POST',
      '/Communication/_search',
      { 'content-type': 'application/x-www-form-urlencoded', 'x-body': 'a=%zz' },
      400,
      'BRY-3010',
    ],
    [
      'POST',
      '/Communication/_search',
      { 'content-type': 'application/x-www-form-urlencoded', 'x-body': 'a'.repeat(70_000) },
      413,
      'BRY-3011',
    ],
  ])('%s %s %j', async (method, path, headers: Record<string, string>, status, code) => {
    const { 'x-body': body, ...sent } = headers;
    const authorization = `Bearer ${tokenOf('0184')}`;
    const answer = await portal.ask(path, {
      method,
      headers: { authorization, ...sent },
      ...(body === undefined ? {} : { body }),
    });
    expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    expect(answer.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
    if (status === 405) expect(answer.headers.get('allow')).toBeTruthy();
  });

  it.each([{}, { authorization: 'Bearer nobody' }, { authorization: 'Basic x' }])('401 with %j', async (headers) => {
    for (const path of ['/Communication', '/Communication/a-INS', '/nothing']) {
      const answer = await portal.ask(path, { headers: headers as Record<string, string> });
      expect([answer.status, codeOf(answer)]).toEqual([401, 'BRY-3001']);
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  it('"not yours" and "not there" are the same bytes', async () => {
    const there = await portal.get('0184', '/Communication/neighbours');
    const nowhere = await portal.get('0184', `/Communication/${randomUUID()}`);
    const odd = await portal.get('0184', '/Communication/strange_id');
    expect(there.status).toBe(404);
    expect(new Set([there.text, nowhere.text, odd.text]).size).toBe(1);
    expect([...there.headers.keys()]).toEqual([...nowhere.headers.keys()]);
  });

  it('does not take the cursor of another caller, or of another order', async () => {
    const next = linkOf(await portal.get('0184', '/Communication?_count=1'), 'next') ?? '';
    const cursor = new URL(next).searchParams.get('_cursor') ?? '';
    for (const [caller, query] of [
      ['0186', ''],
      ['0184', '_sort=sent&'],
    ]) {
      expect(codeOf(await portal.get(caller ?? '', `/Communication?${query ?? ''}_cursor=${cursor}`))).toBe('BRY-3012');
    }
  });

  it('answers 503 while the database is away', async () => {
    await portal.owner.query('alter table portal_party.resource rename to away');
    try {
      const answer = await portal.get('0184', '/Communication/a-INS');
      expect([answer.status, codeOf(answer)]).toEqual([503, 'BRY-4001']);
    } finally {
      await portal.owner.query('alter table portal_party.away rename to resource');
    }
  });
});

describe('read', () => {
  it('has a tag and a date, and answers 304 to who has it', async () => {
    const { headers, status } = await portal.get('0184', '/Communication/a-INS');
    expect([status, headers.get('etag'), headers.get('last-modified')]).toEqual([
      200,
      'W/"1"',
      new Date(NOON).toUTCString(),
    ]);
    for (const tag of ['W/"1"', '"1"', '*', '"0", W/"1"']) {
      expect((await portal.get('0184', '/Communication/a-INS', { 'if-none-match': tag })).status).toBe(304);
    }
    expect((await portal.get('0184', '/Communication/a-INS', { 'if-none-match': 'W/"2"' })).status).toBe(200);
  });

  it('answers HEAD without a body', async () => {
    const answer = await portal.ask('/Communication/a-INS', {
      method: 'HEAD',
      headers: { authorization: `Bearer ${tokenOf('0184')}` },
    });
    expect([answer.status, answer.text, answer.headers.get('etag')]).toEqual([200, '', 'W/"1"']);
  });

  it('has the organisations of the public directory for everyone', async () => {
    expect((await portal.get('storsthlm', '/Organization/0180-jarva')).json).toMatchObject({ active: true });
  });
});

describe('GET /fhir/metadata', () => {
  it('needs no token, and declares every parameter of the table and nothing else', async () => {
    const answer = await portal.ask('/metadata');
    const [rest] = (answer.json as CapabilityStatement).rest ?? [];
    expect(answer.status).toBe(200);
    for (const { type, searchParam } of rest?.resource ?? []) {
      const names = searchParam?.map(({ name }) => name);
      const declared = TYPES[type as keyof typeof TYPES].parameters
        .map(({ name }) => name)
        .filter((name) => !/[:.]/.test(name));
      expect([type, names]).toEqual([type, declared]);
    }
    expect(rest?.resource).toHaveLength(6);
  });
});
