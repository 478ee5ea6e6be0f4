import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { connectStages } from '#libs/hosting';
import { HTTP_APPLICATION, HttpModule } from '#libs/http';
import { Callers } from '#libs/county';
import { createLog, Health } from '#libs/platform';
import { createHarness, type Harness } from '../../test/harness.ts';
import { NEED_BOTH, READY, stayEvent, uuidOf } from '../../test/stay-events.ts';
import { until } from '../../../../test/hub/until.ts';
import { RouterModule } from '../router.controller.ts';
import { RouterStage } from '../router-stage.ts';

const CALLERS = new Callers([
  { name: 'operator', party: 'operator', roles: ['operator'], token: 'operator' },
  { name: '0184', party: '0184', roles: ['party'], token: '0184' },
]);

const SOC = { code: 'NEED', values: ['SOC'] } as const;
const SECOND = { stay: 'second', person: 'moved', start: 3 };

let harness: Harness;
let stage: RouterStage;
let app: INestApplication;
let url: string;
const logged: string[] = [];

beforeAll(async () => {
  harness = await createHarness('traces');
  const log = createLog({ level: 'info', destination: { write: (line: string) => void logged.push(line) } });
  stage = new RouterStage(harness.parts);
  const settings = { host: '127.0.0.1', port: 0, trustedProxies: [], requestsPerSecond: 1000 };
  const front = HttpModule.register({ ...harness.parts, settings, callers: CALLERS, health: new Health(), log });
  const router = RouterModule.register({ ...harness.parts, log }, stage);
  app = await connectStages({ module: class {}, imports: [front, router] }, [stage], HTTP_APPLICATION);
  await app.startAllMicroservices();
  await app.listen(0, '127.0.0.1');
  url = `${await app.getUrl()}/operations/traces`;
  const FIRST = { stay: 'first', person: 'moved' };
  // One after the other: what was told on the way depends on what was known then.
  const batches = [
    [
      stayEvent({ name: 'a', trigger: 'A01', minute: 0, facts: [NEED_BOTH], expected: '2026-05-10' }),
      stayEvent({ name: 'b', trigger: 'A08', minute: 1, facts: [READY], expected: '2026-05-10' }),
    ],
    [
      stayEvent({ ...FIRST, name: 'a', trigger: 'A01', minute: 0, facts: [SOC] }),
      stayEvent({ ...FIRST, name: 'b', trigger: 'A03', minute: 2, leaving: 'transfer' }),
    ],
    [stayEvent({ ...SECOND, name: 'a', trigger: 'A01', minute: 4, facts: [READY], expected: '2026-05-10' })],
    [stayEvent({ ...SECOND, name: 'b', trigger: 'A03', minute: 6, leaving: 'dead' })],
  ];
  let applied = 0;
  for (const events of batches) {
    await harness.publish(events);
    applied += events.length;
    await until('applied', async () => {
      const { rows } = await stage.pool().query('select 1 from event');
      return rows.length === applied;
    });
  }
});
afterAll(async () => {
  await app.close();
  await stage.stop();
  await harness.close();
});

const ask = (stay: string, headers: Record<string, string>) => fetch(`${url}/${stay}`, { headers });
const REASON = { 'x-reason': 'Klagomål från kommunen' };

describe('the trace of a stay', () => {
  it.each([
    ['a stranger', 401, REASON],
    ['a party', 403, { authorization: 'Bearer 0184', ...REASON }],
    ['the operator without a reason', 400, { authorization: 'Bearer operator' }],
  ])('is not for %s', async (_who, status, headers) => {
    const answer = await ask(uuidOf('stay'), headers);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ resourceType: 'OperationOutcome' });
  });

  it('says to the operator who was told and why, what is withheld, and what people have to do', async () => {
    const answer = await ask(uuidOf('stay'), { authorization: 'Bearer operator', ...REASON });
    expect(await answer.json()).toMatchObject({
      told: [
        {
          kind: 'INS',
          recipient: '0184',
          lines: [
            { text: expect.stringContaining(' underrättas') },
            { text: 'Grund: Lagen om samverkan vid utskrivning (LUS 2 kap.).' },
          ],
        },
        { kind: 'INS', recipient: 'SE2321000016-2001' },
        { kind: 'UTK', recipient: 'SE2321000016-2001', ground: 'SAME_REGION' },
      ],
      withheld: [{ kind: 'UTK', recipient: '0184', text: expect.stringContaining('någon av grunderna: Samtycke;') }],
      duties: [{ code: 'STATE-GROUND', owner: 'SE2321000016-1000' }],
      decisions: [
        { text: expect.stringMatching(/^Beslut om mottagare den [^]*avdelningens meddelanden[^]*RTE-01: SoL/) },
      ],
    });
  });

  it('says of a stay that goes on with another why its recipients are told, and of the other why it is over', async () => {
    const second = await ask(uuidOf('second'), { authorization: 'Bearer operator', ...REASON });
    expect(await second.json()).toMatchObject({
      told: [
        {
          kind: 'BUT',
          recipient: '0184',
          lines: [
            {
              rule: 'DEC-08',
              text: expect.stringContaining('har fått inskrivningsmeddelande i det föregående vårdtillfället'),
            },
            { text: 'Grund: Lagen om samverkan vid utskrivning (LUS 2 kap.).' },
          ],
          withdrawn: { text: 'Återtaget: patienten har avlidit.' },
        },
      ],
    });
    const first = await ask(uuidOf('first'), { authorization: 'Bearer operator', ...REASON });
    expect(await first.json()).toMatchObject({
      told: [
        {
          kind: 'INS',
          withdrawn: { text: 'Återtaget: patienten har avlidit i det vårdtillfälle som fortsätter detta.' },
        },
      ],
    });
  });

  it('an unknown stay is not found', async () => {
    for (const stay of [uuidOf('nobody'), 'no-id']) {
      expect((await ask(stay, { authorization: 'Bearer operator', ...REASON })).status).toBe(404);
    }
  });

  it('each look is kept with its reason, and logged without it', async () => {
    const { rows } = await stage
      .pool()
      .query('select caller, reason from trace_access where stay_id = $1', [uuidOf('stay')]);
    expect(rows).toEqual([{ caller: 'operator', reason: REASON['x-reason'] }]);
    expect(logged.join()).toContain('trace-read');
    expect(logged.join()).not.toContain('Klagom');
  });
});
