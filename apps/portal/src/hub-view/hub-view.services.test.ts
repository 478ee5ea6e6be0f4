import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { at, deviation, DS, IDS, KS, NILS, NOON, notice, receipt, saidStay, task, TOLVAN } from '../testing/samples.ts';
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
  const discharged = (visit: string, more = {}) =>
    saidStay({ visit, trigger: 'A03', encounter: { class: 'IMP', end: at(5, 13, 14), leaving: 'home' }, ...more });

  it('is what the router says of it, whatever comes with an older version, and in whatever batch', async () => {
    const [first, second, third] = [saidStay({ visit: 'fold' }), discharged('fold'), saidStay({ visit: 'fold' })];
    await portal.stays(second);
    await portal.stays(first);
    expect(await encounter('fold')).toMatchObject({ status: 'finished', meta: { versionId: '1' } });
    await portal.stays(third, second, third);
    expect(await encounter('fold')).toMatchObject({ status: 'in-progress', meta: { versionId: '2' } });
    await portal.stays(saidStay({ visit: 'left' }), discharged('left'));
    expect(await encounter('left')).toMatchObject({
      status: 'finished',
      meta: { versionId: '2' },
      identifier: [{ value: 'left' }],
      period: { end: '2026-05-13T14:00:00+02:00' },
      subject: { reference: `Patient/${IDS.patientOf(KS, TOLVAN.system, TOLVAN.value)}` },
    });
  });

  it('keeps its version when nothing of the stay itself is new', async () => {
    await portal.stays(saidStay({ visit: 'still' }));
    await portal.stays(saidStay({ visit: 'still' }));
    expect(await encounter('still')).toMatchObject({ meta: { versionId: '1' } });
  });

  it('shows a stay that never was as such, once', async () => {
    await portal.stays(saidStay({ visit: 'mend' }));
    const nothing = { id: stayOf('mend'), told: [], withheld: [], findings: [] };
    await portal.stays({ ...nothing, version: 1_000_000 });
    await portal.stays({ ...nothing, version: 1_000_001 });
    expect(await encounter('mend')).toMatchObject({ meta: { versionId: '2' }, status: 'entered-in-error' });
  });

  it('finds a stay by its visit id, for its sender and the operator alone', async () => {
    await portal.stays(saidStay({ visit: 'V-77' }));
    const search = (caller: string) => portal.get(caller, '/Encounter?identifier=V-77');
    expect(matchesIn(await search('sender:KS'))).toEqual([stayOf('V-77')]);
    expect(matchesIn(await search('operator'))).toEqual([stayOf('V-77')]);
    for (const caller of ['sender:DS', '0184']) expect(matchesIn(await search(caller))).toEqual([]);
  });

  it('goes on showing the visit id that the version before knew, which the router did not', async () => {
    await portal.stays(saidStay({ visit: 'old' }));
    const { encounter: said, ...record } = saidStay({ visit: 'old', trigger: 'A03' }) as { encounter: object };
    await portal.stays({ ...record, encounter: { ...said, identifier: undefined } });
    expect(await encounter('old')).toMatchObject({ status: 'finished', identifier: [{ value: 'old' }] });
  });

  it('keeps who was told why, each line with who may see it, for the pages', async () => {
    const line = { statedBy: randomUUID(), text: 'Rättelsen träffar ingen uppgift.', seenBy: ['sender', 'operator'] };
    await portal.stays({ ...saidStay({ visit: 'why' }), findings: [line] });
    const { rows } = await portal.owner.query<{ lines: string }>('select lines from stay where stay_id = $1', [
      stayOf('why'),
    ]);
    expect(JSON.parse(rows[0]?.lines ?? '')).toEqual({ told: [], withheld: [], findings: [line] });
  });

  it('refuses a line that does not say who may see it', async () => {
    const line = { statedBy: randomUUID(), text: 'Rättelsen träffar ingen uppgift.' };
    await expect(portal.stays({ ...saidStay({ visit: 'open' }), findings: [line] })).rejects.toThrow('seenBy');
  });

  it('is its own alone', async () => {
    await portal.stays(saidStay({ visit: 'ds', terms: terms(DS), sender: 'DS' }));
    const id = stayOf('ds', DS);
    const answers = await Promise.all(
      ['sender:DS', 'operator', 'sender:KS', '0184', 'storsthlm'].map((caller) =>
        portal.get(caller, `/Encounter/${id}`),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 404, 404, 404]);
  });

  it.each(['receipt first', 'stay first'])(
    'has its notices with the time that the recipient had them (%s)',
    async (order) => {
      const id = randomUUID();
      const visit = order.replace(' ', '-');
      const [r, e] = [receipt(notice({ stay: visit, id })), saidStay({ visit })];
      if (order === 'stay first') await portal.stays(e);
      await portal.receipts(r);
      if (order === 'receipt first') {
        expect((await portal.get('sender:KS', `/Communication/${id}`)).status).toBe(404);
        await portal.stays(e);
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
    await portal.stays(saidStay({ visit: 'w' }));
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
    expect(matchesIn(await portal.get('operator', `/DetectedIssue?party=${KS}`))).toEqual(['dev-op']);
    expect(matchesIn(await portal.get('operator', '/DetectedIssue?party=0184'))).toEqual([]);
    expect((await portal.get('operator', '/DetectedIssue/dev-op')).status).toBe(200);
    expect((await portal.get('sender:KS', '/DetectedIssue/dev-op')).status).toBe(404);
  });
});

describe('a protected person (RTE-45, rules 12.6)', () => {
  it('is found by no search, in no stay of any sender, and read by whoever stated them', async () => {
    await portal.stays(
      saidStay({ visit: 'nils-ds', person: NILS, terms: terms(DS) }),
      saidStay({ visit: 'nils-ks', person: NILS }),
    );
    await portal.receipts(receipt(notice({ stay: 'nils-ks', id: 'nils-ins', person: NILS })));
    expect(matchesIn(await portal.search('sender:DS', 'Patient', { identifier: NILS.value }))).toHaveLength(1);
    // The router says every stay of the person anew.
    const patient = { identities: [NILS], protection: 'sekretessmarkering' as const };
    await portal.stays(
      saidStay({ visit: 'nils-ks', person: NILS, trigger: 'A08', patient }),
      saidStay({ visit: 'nils-ds', person: NILS, terms: terms(DS), patient }),
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
