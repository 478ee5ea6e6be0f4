import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { writeOutcome } from '#libs/fhir';
import { entryOf, fault } from '#libs/platform';
import { answerBreaches } from '../../../../test/docs/answer-breaches.ts';
import { PortalUnderTest } from '../testing/portal-under-test.ts';
import { rejectionOf, rejectionsIn } from './rejections.ts';

let portal: PortalUnderTest;
beforeAll(async () => {
  portal = await PortalUnderTest.start();
});
afterAll(() => portal.stop());

const NO_VISIT = fault('no-visit-id', 'PV1-19');
const { code, issue: issueCode, severity, text, remedy } = entryOf(NO_VISIT);

/** A record of `rejected`, as the translator writes it. */
function rejection(sender: string, controlId: string, receivedAt: string): unknown {
  return {
    outcome: writeOutcome({ code, issueCode, severity, text, place: 'PV1-19' }, randomUUID()),
    inbound: { id: randomUUID(), topic: 'inbound', partition: 0, offset: '7' },
    ...{ sender, trigger: 'A01', controlId, receivedAt },
  };
}

const found = async (caller: string, query = ''): Promise<unknown[]> =>
  ((await portal.beside(caller, `/operations/rejected${query}`)).json as unknown as { rejected: unknown[] }).rejected;
const controlIds = async (caller: string, query = ''): Promise<unknown[]> =>
  (await found(caller, query)).map((one) => (one as { controlId: string }).controlId);

describe('what was not taken (contract 3)', () => {
  beforeAll(async () => {
    await portal.rejected(
      rejection('KS', 'KS-1', '2026-05-10T08:00:00.000Z'),
      rejection('DS', 'DS-1', '2026-05-10T09:00:00.000Z'),
      rejection('0184', 'a-notice', '2026-05-09T09:00:00.000Z'),
    );
    await portal.rejected(rejection('KS', 'KS-2', '2026-05-11T08:00:00.000Z'));
  });

  it('says which message, what is wrong where, and what helps', async () => {
    expect(await found('sender:KS')).toMatchObject([
      {
        ...{ sender: 'KS', controlId: 'KS-1', trigger: 'A01', receivedAt: '2026-05-10T08:00:00.000Z' },
        faults: [{ code, place: 'PV1-19', text, remedy }],
      },
      { controlId: 'KS-2' },
    ]);
  });

  it('answers as it is published', async () => {
    const { status, json } = await portal.beside('operator', '/operations/rejected');
    expect(answerBreaches('GET', '/operations/rejected', status, json)).toEqual([]);
  });

  it('finds the latest, last first, for a page that shows only some', async () => {
    const latest = await rejectionsIn(portal.owner, { since: 0, most: 2, lastFirst: true });
    expect(latest.map(({ controlId }) => controlId)).toEqual(['KS-2', 'DS-1']);
  });

  it('shows a sender its own alone: of another there is nothing, whoever it names', async () => {
    expect(await controlIds('sender:KS', '?sender=DS')).toEqual([]);
    expect(await controlIds('operator')).toEqual(['a-notice', 'KS-1', 'DS-1', 'KS-2']);
    expect(await controlIds('operator', '?sender=DS')).toEqual(['DS-1']);
  });

  it('shows a party its own replies alone', async () => {
    expect(await controlIds('0184')).toEqual(['a-notice']);
    expect(await controlIds('0184', '?sender=KS')).toEqual([]);
    expect(await controlIds('0186')).toEqual([]);
  });

  it('begins where it is asked to, and refuses what is no instant', async () => {
    expect(await controlIds('operator', '?since=2026-05-11')).toEqual(['KS-2']);
    expect(await controlIds('operator', '?since=2026-05-10T09:00:00Z&sender=KS')).toEqual(['KS-2']);
    for (const query of ['?since=igår', '?since=2026-13-01', '?since=1&since=2', '?sender=%27']) {
      expect((await portal.beside('operator', `/operations/rejected${query}`)).status).toBe(400);
    }
  });

  it('tells an event that was set aside from a message, and knows it by the last time that it was', async () => {
    const id = randomUUID();
    const setAside = (receivedAt: string, offset: string) => ({
      outcome: writeOutcome({ code, issueCode, severity, text }, id),
      inbound: { id: randomUUID(), topic: 'events', partition: 0, offset },
      receivedAt,
    });
    await portal.rejectedRecord(id, 'rejected', setAside('2026-05-13T08:00:00.000Z', '7'));
    await portal.rejectedRecord(id, 'rejected', setAside('2026-05-13T09:00:00.000Z', '9'));
    expect(await found('operator', '?since=2026-05-13')).toMatchObject([
      { id, setAside: true, receivedAt: '2026-05-13T09:00:00.000Z' },
    ]);
    expect(await rejectionOf(portal.owner, id)).toMatchObject({ place: { partition: 0, offset: 9n } });
    expect(await found('sender:KS', '?since=2026-05-13')).toEqual([]);
  });

  it('lists no more what a replay has mended, in whichever order that is heard', async () => {
    const [before, after] = ['DS-8', 'DS-9'].map((controlId) => rejection('DS', controlId, '2026-05-12T08:00:00.000Z'));
    const [first, second] = [randomUUID(), randomUUID()];
    await portal.rejectedRecord(first, 'rejected', before);
    await portal.rejectedRecord(second, 'rejected-mended', after);
    expect(await controlIds('sender:DS', '?since=2026-05-12')).toEqual(['DS-8']);
    await portal.rejectedRecord(first, 'rejected-mended', before);
    await portal.rejectedRecord(first, 'rejected', before);
    await portal.rejectedRecord(second, 'rejected', after);
    expect(await controlIds('sender:DS', '?since=2026-05-12')).toEqual([]);
  });
});
