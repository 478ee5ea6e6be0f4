import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { OddClient, storm } from '../../../../test/hub/odd-requests.ts';
import { drawn, seedOf } from '../../../../test/hub/random.ts';
import { deviation, KS, notice, saidStay, task } from '../testing/samples.ts';
import { PortalUnderTest, tokenOf } from '../testing/portal-under-test.ts';

const REQUESTS = 4000;
const TOKENS = ['0184', 'sender:KS', 'operator', 'storsthlm'].map(tokenOf);

let portal: PortalUnderTest;
let client: OddClient;
beforeAll(async () => {
  portal = await PortalUnderTest.start();
  client = new OddClient(Number(new URL(portal.base).port));
  await portal.deliver('0184', notice({}), notice({ stay: 'b', id: 'b' }));
  await portal.stays(saidStay({ visit: 'a' }));
  await portal.tasks(task({}));
  await portal.deviationsTo(KS, deviation({}));
});
afterAll(async () => {
  client.close();
  await portal.stop();
});

it('nothing that is sent makes a fault of our own, and every refusal has the one shape and no content', async () => {
  const { statuses, wrong } = await storm(client, drawn(seedOf('odd requests')), TOKENS, REQUESTS);
  expect(wrong).toEqual([]);
  // A stranger of whom all is refused at the first door would find nothing.
  for (const status of [200, 400, 401, 404, 405, 406]) expect(statuses.get(status) ?? 0).toBeGreaterThan(10);
});
