import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, deviation, DS, event, IDS, KS, NILS, NOON, notice, receipt, task, TOLVAN } from '../testing/samples.ts';
import { matchesIn, PortalUnderTest } from '../testing/portal-under-test.ts';

let portal: PortalUnderTest;
beforeAll(async () => {
  portal = await PortalUnderTest.start();
});
afterAll(() => portal.stop());

const stayOf = (visit: string, organisation = KS) => IDS.stay(organisation, visit);
const encounter = async (visit: string) => (await portal.get('sender:KS', `/Encounter/${stayOf(visit)}`)).json;
const terms = (organisation: string) => ({
  organisation,
  careProvider: 'Region Stockholm',
  legalForm: 'region-authority' as const,
  ins: 'auto' as const,
  impliedNeed: [],
  info: 'here' as const,
  clock: 'trusted' as const,
  connectedFrom: '2018-01-01',
});

describe("the sender's view", () => {
  const discharge = (visit: string, more = {}) =>
    event({
      visit,
      trigger: 'A03',
      sentAt: NOON + 2000,
      encounter: { class: 'IMP', end: at(5, 13, 14), leaving: 'home' },
      ...more,
    });

  it('is the fold of what it stated, in whatever order that came', async () => {
    const undo = event({ visit: 'fold', trigger: 'A13', sentAt: NOON + 3000, encounter: { class: 'IMP' } });
    await portal.events(undo);
    await portal.events(event({ visit: 'fold' }));
    expect(await encounter('fold')).toMatchObject({ status: 'in-progress', identifier: [{ value: 'fold' }] });
    await portal.events(discharge('fold'), event({ visit: 'left' }), discharge('left'));
    expect(await encounter('fold')).toMatchObject({ status: 'in-progress' });
    expect((await encounter('fold')) as object).not.toHaveProperty('period.end');
    expect(await encounter('left')).toMatchObject({
      status: 'finished',
      period: { end: '2026-05-13T14:00:00+02:00' },
      serviceProvider: { reference: 'Organization/SE2321000016-1001' },
      subject: { reference: `Patient/${IDS.patientOf(KS, TOLVAN.system, TOLVAN.value)}` },
    });
  });

  it('drops a duplicate, and replaces a message by its higher revision, also into another stay', async () => {
    const inboundId = randomUUID();
    const first = event({ visit: 'mend', inboundId });
    await portal.events(first, first);
    expect(await encounter('mend')).toMatchObject({ meta: { versionId: '1' }, status: 'in-progress' });
    await portal.events(
      event({ visit: 'mended', inboundId, revision: 2, trigger: 'A03', encounter: { end: at(5, 13) } }),
    );
    await portal.events(first);
    expect(await encounter('mend')).toMatchObject({ meta: { versionId: '2' }, status: 'entered-in-error' });
    expect(await encounter('mended')).toMatchObject({ meta: { versionId: '1' }, status: 'finished' });
  });

  it('is its own alone', async () => {
    await portal.events(event({ visit: 'ds', terms: terms(DS), sender: 'DS' }));
    const id = stayOf('ds', DS);
    const answers = await Promise.all(
      ['sender:DS', 'operator', 'sender:KS', '0184', 'storsthlm'].map((caller) =>
        portal.get(caller, `/Encounter/${id}`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 404, 404]);
  });

  it.each(['receipt first', 'event first'])(
    'has its notices with the time that the recipient had them (%s)',
    async (order) => {
      const id = randomUUID();
      const visit = order.replace(' ', '-');
      const [r, e] = [receipt(notice({ stay: visit, id })), event({ visit })];
      if (order === 'event first') await portal.events(e);
      await portal.receipts(r);
      if (order === 'receipt first') {
        expect((await portal.get('sender:KS', `/Communication/${id}`)).status).toBe(404);
        await portal.events(e);
      }
      expect((await portal.get('sender:KS', `/Communication/${id}`)).json).toMatchObject({
        received: new Date(NOON + 1000).toISOString(),
        sent: new Date(NOON).toISOString(),
      });
      expect((await portal.get('sender:DS', `/Communication/${id}`)).status).toBe(404);
    },
  );

  it('shows what was withdrawn as such, and a repeated receipt does not undo it', async () => {
    const told = receipt(notice({ stay: 'w', id: 'w-uts', content: { kind: 'UTS' } }));
    await portal.events(event({ visit: 'w' }));
    await portal.receipts(
      receipt(notice({ stay: 'w', id: 'w-back', content: { kind: 'UTS' }, withdraws: ['w-uts'] })),
      told,
    );
    await portal.receipts(told);
    expect((await portal.get('sender:KS', '/Communication/w-uts')).json).toMatchObject({ status: 'entered-in-error' });
  });

  it('has the Tasks of its owner alone; the operator has all', async () => {
    await portal.tasks(task({ id: 'task-ks' }), task({ id: 'task-op', owner: 'operator', code: 'ROUTE-BY-HAND' }));
    expect(matchesIn(await portal.get('sender:KS', '/Task'))).toEqual(['task-ks']);
    expect(matchesIn(await portal.get('operator', '/Task')).sort()).toEqual(['task-ks', 'task-op']);
    expect(matchesIn(await portal.get('sender:DS', '/Task'))).toEqual([]);
    expect((await portal.get('sender:KS', '/Task/task-op')).status).toBe(404);
  });

  it('has deviations for the operator alone', async () => {
    await portal.deviations(deviation({ id: 'dev-op' }));
    expect((await portal.get('operator', '/DetectedIssue/dev-op')).status).toBe(200);
    expect((await portal.get('sender:KS', '/DetectedIssue/dev-op')).status).toBe(404);
  });
});

describe('a protected person (RTE-45, rules 12.6)', () => {
  it('is found by no search, in no stay of any sender, and read by whoever stated them', async () => {
    await portal.events(
      event({ visit: 'nils-ds', person: NILS, terms: terms(DS) }),
      event({ visit: 'nils-ks', person: NILS }),
    );
    await portal.receipts(receipt(notice({ stay: 'nils-ks', id: 'nils-ins', person: NILS })));
    expect(matchesIn(await portal.search('sender:DS', 'Patient', { identifier: NILS.value }))).toHaveLength(1);
    await portal.events(
      event({
        visit: 'nils-ks',
        person: NILS,
        trigger: 'A08',
        patient: { identities: [NILS], protection: 'sekretessmarkering' },
      }),
    );
    for (const [caller, visit, organisation] of [
      ['sender:DS', 'nils-ds', DS],
      ['sender:KS', 'nils-ks', KS],
    ] as const) {
      const subject = IDS.patientOf(organisation, NILS.system, NILS.value);
      expect(matchesIn(await portal.search(caller, 'Patient', { identifier: NILS.value }))).toEqual([]);
      expect(matchesIn(await portal.get(caller, `/Encounter?subject=${subject}`))).toEqual([]);
      for (const path of [`/Encounter/${stayOf(visit, organisation)}`, `/Patient/${subject}`]) {
        const { status, json } = await portal.get(caller, path);
        expect([path, status]).toEqual([path, 200]);
        expect(json.meta?.security).toContainEqual(expect.objectContaining({ code: 'sekretessmarkering' }));
      }
    }
    expect(matchesIn(await portal.get('operator', `/Communication?_id=nils-ins`))).toEqual([]);
    expect((await portal.get('sender:KS', '/Communication/nils-ins')).status).toBe(200);
    await portal.tasks(
      task({
        id: 'nils-task',
        stayId: stayOf('nils-ks'),
        owner: 'operator',
        code: 'ROUTE-BY-HAND',
        protection: 'unknown',
      }),
    );
    const found = await portal.get('operator', '/Task?code=ROUTE-BY-HAND&_include=Task:encounter');
    expect(matchesIn(found)).toContain('nils-task');
    expect(found.text).not.toContain('"resourceType":"Encounter"');
  });
});
