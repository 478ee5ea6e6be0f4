import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createPool } from '#libs/persistence';
import { answer, deviation, IDS, KS, NILS, NOON, notice, task, TOLVAN } from '../testing/samples.ts';
import { matchesIn, PortalUnderTest } from '../testing/portal-under-test.ts';
import { PARTY_READER, PARTY_WRITER } from './schema.ts';

let portal: PortalUnderTest;
beforeAll(async () => {
  portal = await PortalUnderTest.start();
});
afterAll(() => portal.stop());

const stayOf = (visit: string) => IDS.stay(KS, visit);
const encounter = async (visit: string) => (await portal.get('0184', `/Encounter/${stayOf(visit)}`)).json;

describe('what a party is told', () => {
  it('is also what others answer to it, and an answer changes nothing of the stay', async () => {
    await portal.deliver('0184', notice({ stay: 'answered', id: 'answered-ins' }));
    const before = await encounter('answered');
    const call = answer({
      to: '0184',
      from: 'clinic',
      stay: 'answered',
      says: { kind: 'sip-called', invited: ['0184'] },
    });
    await portal.answer('0184', call, call);
    await portal.answer('0184', call);
    const found = await portal.get('0184', `/Communication?encounter=${stayOf('answered')}&category=SIP-CALL`);
    expect(matchesIn(found)).toEqual([call.id]);
    expect(await encounter('answered')).toEqual(before);
    await expect(portal.answer('0186', call)).rejects.toThrow('recipient');
    await expect(portal.answer('0184', notice({ stay: 'answered' }))).rejects.toThrow('answer');
  });

  it('is what its own topic holds, and nothing of it is seen by a neighbour', async () => {
    await portal.deliver('0184', notice({ stay: 'own', id: 'own-ins' }));
    expect((await portal.get('0184', '/Communication/own-ins')).json).toMatchObject({
      resourceType: 'Communication',
      status: 'completed',
      category: [{ coding: [{ code: 'INS' }] }],
      meta: { versionId: '1', lastUpdated: new Date(NOON).toISOString() },
    });
    for (const path of ['/Communication?encounter=' + stayOf('own'), '/Encounter', '/Patient', '/DetectedIssue']) {
      const answer = await portal.get('0186', path);
      expect([path, answer.status, answer.bundle.total, answer.bundle.entry]).toEqual([path, 200, 0, undefined]);
    }
  });

  it('keeps what earlier notices told, counts a version per change, and drops what it has had', async () => {
    const ins = notice({ stay: 'told', id: 'told-ins' });
    await portal.deliver('0184', ins, notice({ stay: 'told', id: 'told-but', content: { kind: 'BUT' } }));
    await portal.deliver('0184', ins, notice({ stay: 'told', id: 'told-utk', content: { kind: 'UTK' } }));
    await portal.deliver('0184', notice({ stay: 'told', id: 'told-uts', content: { kind: 'UTS' } }));
    expect(await encounter('told')).toMatchObject({
      meta: { versionId: '3' },
      status: 'finished',
      // Now, and before the change.
      extension: [{ valueDateTime: '2026-05-14' }, { valueDateTime: '2026-05-12' }],
      period: { end: '2026-05-13T14:00:00+02:00' },
    });
  });

  it('shows a withdrawn notice as entered in error and nothing else of it changed, whatever came first', async () => {
    const uts = notice({ stay: 'back', id: 'back-uts', content: { kind: 'UTS' } });
    const taken = notice({ stay: 'back', id: 'back-taken', content: { kind: 'UTS' }, withdraws: ['back-uts'] });
    await portal.deliver('0184', notice({ stay: 'back', id: 'back-ins' }), uts, taken);
    await portal.deliver(
      '0184',
      notice({ stay: 'late', id: 'late-taken', content: { kind: 'INS' }, withdraws: ['late-ins'] }),
    );
    await portal.deliver('0184', notice({ stay: 'late', id: 'late-ins' }));
    for (const id of ['back-uts', 'late-ins']) {
      expect((await portal.get('0184', `/Communication/${id}`)).json).toMatchObject({
        status: 'entered-in-error',
        sent: new Date(NOON).toISOString(),
      });
    }
    expect(await encounter('back')).toMatchObject({ status: 'in-progress' });
    expect(await encounter('back')).not.toHaveProperty('period');
    expect(await encounter('late')).toMatchObject({ status: 'unknown' });
  });

  it('is the same with one batch and with many', async () => {
    const of = (stay: string) => [
      notice({ stay, id: `${stay}-1` }),
      notice({ stay, id: `${stay}-2`, content: { kind: 'BUT' } }),
      notice({ stay, id: `${stay}-3`, content: { kind: 'UTS' } }),
      notice({ stay, id: `${stay}-4`, content: { kind: 'UTS' }, withdraws: [`${stay}-3`] }),
    ];
    await portal.deliver('0184', ...of('one'));
    for (const each of of('many')) await portal.deliver('0184', each);
    const [one, many] = [await encounter('one'), await encounter('many')];
    expect({ ...one, id: '' }).toEqual({ ...many, id: '' });
    const versions = async (stay: string) =>
      (await portal.get('0184', `/Communication/${stay}-3`)).json.meta?.versionId;
    expect([await versions('one'), await versions('many')]).toEqual(['2', '2']);
  });

  it('labels all of a person once a notice says protected, and shows it to direct reads alone', async () => {
    await portal.deliver('0186', notice({ party: '0186', stay: 'p', id: 'p-ins', person: NILS }));
    await portal.deliver(
      '0186',
      notice({
        party: '0186',
        stay: 'p',
        id: 'p-but',
        person: NILS,
        content: { kind: 'BUT' },
        protection: 'sekretessmarkering',
      }),
    );
    for (const type of ['Communication', 'Encounter', 'Patient']) {
      expect(matchesIn(await portal.get('0186', `/${type}`))).toEqual([]);
    }
    const patient = (await portal.get('0186', `/Patient/${IDS.patientOf('0186', NILS.system, NILS.value)}`)).json;
    expect(JSON.stringify(patient)).not.toContain('Storgatan');
    for (const resource of [patient, (await portal.get('0186', '/Communication/p-ins')).json]) {
      expect(resource.meta?.security).toContainEqual(expect.objectContaining({ code: 'sekretessmarkering' }));
    }
  });

  it('labels a protected visit alone, and the stays before and after it are found as ever (DEC-23)', async () => {
    const told = (stay: string, more: Partial<Parameters<typeof notice>[0]> = {}) =>
      notice({ stay, id: `${stay}-ins`, person: NILS, ...more });
    const visit = { id: 'visit-taken', withdraws: ['visit-ins'], visitProtection: 'unknown' } as const;
    await portal.deliver('0184', told('before'), told('visit'));
    await portal.deliver('0184', told('visit', visit), told('after'));
    const found = async (stay: string) => {
      const answer = await portal.get('0184', `/Communication?encounter=${stayOf(stay)}`);
      return [...matchesIn(answer), matchesIn(await portal.get('0184', '/Encounter')).includes(stayOf(stay))];
    };
    for (const stay of ['before', 'after']) expect(await found(stay)).toEqual([`${stay}-ins`, true]);
    expect(await found('visit')).toEqual([false]);
    for (const path of ['/Communication/visit-ins', '/Communication/visit-taken', `/Encounter/${stayOf('visit')}`]) {
      const security = (await portal.get('0184', path)).json.meta?.security;
      expect([path, security]).toEqual([path, expect.arrayContaining([expect.objectContaining({ code: 'unknown' })])]);
    }
  });

  it('has a deviation in the version that its writer says is the latest', async () => {
    const id = 'deviation-1';
    await portal.deviationsTo(KS, deviation({ id, version: 2, status: 'cancelled', closedReason: 'came-late' }));
    await portal.deviationsTo(KS, deviation({ id, version: 1 }));
    for (const caller of [KS, 'sender:KS']) {
      expect((await portal.get(caller, `/DetectedIssue/${id}`)).json).toMatchObject({ status: 'cancelled' });
    }
    expect((await portal.get('0184', `/DetectedIssue/${id}`)).status).toBe(404);
  });

  it('has Patient.id of its own, so that no two parties can join on it', async () => {
    await portal.deliver('0184', notice({ stay: 'j1', person: TOLVAN }));
    await portal.deliver('0186', notice({ party: '0186', stay: 'j2', person: TOLVAN }));
    const ids = await Promise.all(['0184', '0186'].map(async (one) => matchesIn(await portal.get(one, '/Patient'))[0]));
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('refuses a notice that lies on the topic of another party', async () => {
    await expect(portal.deliver('0186', notice({ party: '0184', id: 'astray' }))).rejects.toThrow('recipient');
  });
});

describe('duties that come of deviations', () => {
  it('are there for their owner, as they stand, and for nobody else', async () => {
    const duty = { code: 'WARNING', owner: '0184', text: 'Snart förfaller: kvittera.' } as const;
    await portal.dutiesOf('0184', task({ ...duty, id: 'duty-1', version: 1 }));
    expect((await portal.get('0184', '/Task/duty-1')).json).toMatchObject({ status: 'requested' });
    expect(matchesIn(await portal.get('0184', '/Task?status=requested'))).toEqual(['duty-1']);
    expect((await portal.get('0186', '/Task/duty-1')).status).toBe(404);
    await expect(portal.dutiesOf('0186', task({ ...duty, id: 'duty-2' }))).rejects.toThrow('owner');
  });
});

describe('the database role of the party view (architecture 5)', () => {
  it.each([
    [PARTY_READER, 'portal_hub.resource'],
    [PARTY_READER, 'portal_hub.stay'],
    [PARTY_READER, 'portal_party.told_stay'],
    [PARTY_READER, 'portal_party.position'],
    [PARTY_WRITER, 'portal_hub.resource'],
    [PARTY_WRITER, 'portal_hub.stay'],
  ])('%s cannot read %s', async (role, table) => {
    const pool = createPool({ url: portal.url, applicationName: 'test', role, max: 1 });
    try {
      await expect(pool.query(`select 1 from ${table}`)).rejects.toMatchObject({ code: '42501' });
    } finally {
      await pool.end();
    }
  });

  it('reads, and writes nothing', async () => {
    const pool = createPool({ url: portal.url, applicationName: 'test', role: PARTY_READER, max: 1 });
    try {
      await expect(pool.query('select 1 from portal_party.resource')).resolves.toBeDefined();
      await expect(pool.query('delete from portal_party.resource')).rejects.toMatchObject({ code: '42501' });
    } finally {
      await pool.end();
    }
  });
});
