import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { OperationOutcome } from 'fhir/r4.js';
import { IDS, notice, TOLVAN } from '../testing/samples.ts';
import { matchesIn, PortalUnderTest, tokenOf } from '../testing/portal-under-test.ts';

let portal: PortalUnderTest;
beforeAll(async () => {
  portal = await PortalUnderTest.start({ bodyParser: true });
  await portal.deliver('0184', notice({}));
});
afterAll(() => portal.stop());

describe('behind the body parsers of another application', () => {
  it('a form is understood all the same', async () => {
    const form = { identifier: `${TOLVAN.system}|${TOLVAN.value},x`, _count: '7' };
    expect(matchesIn(await portal.search('0184', 'Patient', form))).toEqual([
      IDS.patientOf('0184', TOLVAN.system, TOLVAN.value),
    ]);
  });

  it.each([
    ['bad JSON', { 'content-type': 'application/json' }, '{', 400, 'BRY-3010'],
    ['a huge body', { 'content-type': 'application/json' }, `"${'x'.repeat(200_000)}"`, 413, 'BRY-3011'],
    ['a path that cannot be decoded', {}, undefined, 404, 'BRY-3003'],
  ])('%s is refused in FHIR', async (_name, headers: Record<string, string>, body, status, code) => {
    const init = body === undefined ? {} : { method: 'POST', body };
    const path = body === undefined ? '/Communication/%zz' : '/Communication/_search';
    const answer = await portal.ask(path, {
      ...init,
      headers: { authorization: `Bearer ${tokenOf('0184')}`, ...headers },
    });
    const { issue } = answer.json as OperationOutcome;
    expect([answer.status, issue[0]?.details?.coding?.[0]?.code]).toEqual([status, code]);
  });

  it('paths outside /fhir are left as they were', async () => {
    const answer = await portal.ask(portal.base.replace('/fhir', '/nowhere'));
    expect([answer.status, answer.json]).toEqual([404, expect.objectContaining({ statusCode: 404 })]);
  });
});
