import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hl7Day, HOUR, MINUTE, onDay, SECOND, type Instant } from '../../apps/simulator/src/county/county-time.ts';
import { HOMES, PROTECTED, REGISTERED, UNKNOWN_HOMES } from '../../apps/simulator/src/county/people.ts';
import { object, type Json } from '../../apps/simulator/src/hub/hub-client.ts';
import { consent, info, need, order, ready, type Trigger } from '../../apps/simulator/src/messages/ward-message.ts';
import {
  addressesIn,
  answersTo,
  contractBreaches,
  distinctInForm,
  refusals,
  resourcesOnTopics,
} from '../conformance/output.ts';
import { errorsIn, validateAll } from '../conformance/validator.ts';
import { byParty, inForce } from '../hub/outcome.ts';
import { startTestHub, type TestHub } from '../hub/test-hub.ts';
import { bedAt, CLINIC, SOLNA, Ward, type Bed, type Said } from '../hub/ward.ts';
import { linesOf, marksOf, tellsOfAPerson } from './person-scan.ts';
import { countsOf, idsObserved, idsOfStay, leaksTo, OBSERVERS } from './strangers.ts';

/** Monday 4 May 2026, 08:00 in Stockholm. The tests play one after another in the time of one hub. */
const START = Date.parse('2026-05-04T08:00:00+02:00');
let hub: TestHub;

beforeAll(async () => {
  hub = await startTestHub('line', { clockStart: START });
});
afterAll(async () => {
  await hub.dispose();
});

const ward = (visit: string, bed: Omit<Bed, 'admitted'> = {}): Ward => new Ward(visit, bedAt(hub.now, bed));

/** Hands a message over a minute after the last one, in the hub's time. */
async function say(by: Ward, trigger: Trigger, said: Said = {}): Promise<void> {
  await hub.to(hub.now + MINUTE);
  await hub.send(by.sender, by.message(trigger, hub.now, said));
}

const noon = (days: number): Instant => onDay(hub.now, days, 12);
const referenceOf = (value: unknown): unknown => object(value)['reference'];
const ofStay = (resources: readonly Json[], stayId: string): Json[] =>
  resources.filter(({ encounter }) => referenceOf(encounter) === `Encounter/${stayId}`);

describe('a check', () => {
  it('is the same for a person whom the hub knows, and of whom it knows a protection, and leaves nothing behind', async () => {
    const known = ward('check-known', { person: PROTECTED[1]! });
    await say(known, 'A01', { facts: [need(['SOC'])], protection: 'SEKR' });
    const said = async () => (await hub.settled()).records.filter(({ topic }) => topic !== hub.topics.uptime);
    const before = await said();
    const answers = await Promise.all(
      [PROTECTED[1]!, REGISTERED[3]!].map(async (person) => {
        const message = ward('check', { person }).message('A01', hub.now, { facts: [need(['SOC'])] });
        const authorization = `Bearer ${hub.token('sender:KS')}`;
        const headers = { authorization, 'content-type': 'x-application/hl7-v2+er7' };
        const answer = await fetch(`${hub.http}/check`, { method: 'POST', headers, body: new Uint8Array(message) });
        return answer.text();
      }),
    );
    expect(answers[0]).toContain(`"recipient":"${SOLNA}"`);
    expect(answers[1]).toBe(answers[0]);
    expect(await said()).toHaveLength(before.length);
  });
});

describe('an admission with needs', () => {
  it('comes to the municipality and the clinic, on Kafka and over FHIR, and to no neighbour', async () => {
    const one = ward('adm');
    await say(one, 'A01', { facts: [need(['SOC', 'ROV']), consent('Y')] });
    const stayId = hub.stayOf(one);
    expect((await hub.settled()).told(stayId)).toEqual({ [SOLNA]: ['INS'], [CLINIC]: ['INS'] });

    const ids: string[] = [];
    for (const party of [SOLNA, CLINIC]) {
      const [notice, ...more] = ofStay(await hub.client.search(party, 'Communication', { category: 'INS' }), stayId);
      expect(more).toEqual([]);
      expect(notice).toMatchObject({ status: 'completed' });
      ids.push(String(notice?.['id']));
      expect(await hub.client.read(party, 'Encounter', stayId)).toMatchObject({ status: 'in-progress' });
    }
    for (const neighbour of hub.parties.filter((party) => party !== SOLNA && party !== CLINIC)) {
      for (const id of ids) expect(await hub.client.read(neighbour, 'Communication', id)).toBeUndefined();
      expect(await hub.client.read(neighbour, 'Encounter', stayId)).toBeUndefined();
    }
    expect(ofStay(await hub.client.search('0182', 'Communication'), stayId)).toEqual([]);
    expect(await hub.client.read(CLINIC, 'Communication', ids[0]!)).toBeUndefined();
  });

  it('is one notice, however often the message comes', async () => {
    const one = ward('twice');
    const message = one.message('A01', hub.now, { facts: [need(['SOC'])] });
    for (let n = 0; n < 4; n += 1) await hub.send('KS', message);
    expect((await hub.settled()).told(hub.stayOf(one))).toEqual({ [SOLNA]: ['INS'] });
  });

  it('in the city comes to the district board', async () => {
    const one = ward('city', { home: HOMES[5], person: REGISTERED[1]!, clinic: undefined });
    await say(one, 'A01', { facts: [need(['KHSL', 'SOC'])] });
    expect((await hub.settled()).told(hub.stayOf(one))).toEqual({ '0180-jarva': ['INS'] });
  });
});

describe('what changes during a stay', () => {
  it('expected discharge 10 May, 12 May, 10 May is three notices', async () => {
    const one = ward('but');
    await say(one, 'A01', { expected: '20260510', facts: [need(['SOC'])] });
    await say(one, 'A08', { expected: '20260512' });
    await say(one, 'A08', { expected: '20260510' });
    const seen = await hub.settled();
    expect(seen.told(hub.stayOf(one))).toEqual({ [SOLNA]: ['INS', 'BUT', 'BUT'] });
    const ends = seen.notices
      .filter(({ stayId }) => stayId === hub.stayOf(one))
      .map(({ encounter }) => encounter.extension?.map(({ valueDateTime }) => valueDateTime)[0]);
    expect(ends).toEqual(['2026-05-10', '2026-05-12', '2026-05-10']);
  });

  it('ready yes, no, yes is three notices', async () => {
    const one = ward('ready');
    await say(one, 'A01', { facts: [need(['SOC']), consent('Y')] });
    for (const answer of ['Y', 'N', 'Y'] as const) await say(one, 'A08', { facts: [ready(answer)] });
    const told = (await hub.settled()).told(hub.stayOf(one));
    expect(told).toEqual({ [SOLNA]: ['INS', 'UTK', 'UTK-WITHDRAWN', 'UTK'] });
  });

  it('a stay that never was is withdrawn from those who had it', async () => {
    const one = ward('never');
    await say(one, 'A01', { facts: [need(['SOC', 'ROV']), consent('Y')] });
    await say(one, 'A08', { facts: [ready('Y')] });
    await say(one, 'A11');
    const stayId = hub.stayOf(one);
    const seen = await hub.settled();
    expect(byParty(inForce(seen.notices.filter((notice) => notice.stayId === stayId)))).toEqual({});
    const { [SOLNA]: solna = [], [CLINIC]: clinic = [], ...others } = seen.told(stayId);
    expect(others).toEqual({});
    for (const told of [solna, clinic]) {
      expect([...told].sort()).toEqual(['INS', 'INS-WITHDRAWN', 'UTK', 'UTK-WITHDRAWN']);
    }
    const held = ofStay(await hub.client.search(SOLNA, 'Communication', { category: 'INS' }), stayId);
    expect(held).toEqual([expect.objectContaining({ status: 'entered-in-error' })]);
  });

  it('a death ends what is in force without a reason, a transfer is silent', async () => {
    const [dead, moved] = [ward('dead'), ward('moved')];
    for (const one of [dead, moved]) await say(one, 'A01', { facts: [need(['SOC']), consent('Y')] });
    await say(dead, 'A03', { leaving: '20', dead: true });
    await say(moved, 'A03', { leaving: '02' });
    await hub.to(noon(2));
    const seen = await hub.settled();
    expect(seen.told(hub.stayOf(dead))).toEqual({ [SOLNA]: ['INS', 'INS-WITHDRAWN'] });
    expect(seen.told(hub.stayOf(moved))).toEqual({ [SOLNA]: ['INS'] });
    expect([dead, moved].flatMap((one) => seen.everFlagged(hub.stayOf(one)))).toEqual([]);
  });
});

describe('what never came', () => {
  it('is flagged when its time is out and not before, and what comes late closes it', async () => {
    await hub.to(onDay(hub.now, 1, 8));
    const one = ward('uts', { expected: hl7Day(hub.now) });
    await say(one, 'A01', { facts: [need(['SOC']), consent('Y')] });
    await hub.to(noon(0));
    await say(one, 'A03', { facts: [ready('Y')] });
    const midnight = onDay(hub.now, 1, 0);
    await hub.to(midnight - SECOND);
    expect((await hub.settled()).everFlagged(hub.stayOf(one))).toEqual([]);
    await hub.to(midnight + 5 * MINUTE);
    expect((await hub.settled()).open(hub.stayOf(one))).toEqual(['UTS-01']);
    const [own] = await hub.client.search('sender:KS', 'DetectedIssue', { code: 'UTS-01' });
    expect(own).toMatchObject({ status: 'final' });
    expect(await hub.client.search(SOLNA, 'DetectedIssue')).toEqual([]);

    await say(one, 'A08', { facts: [info(['SOC'])] });
    await hub.to(hub.now + 10 * MINUTE);
    const seen = await hub.settled();
    expect(seen.open(hub.stayOf(one))).toEqual(['UTS-02']);
    expect(seen.deviations(hub.stayOf(one))).toContainEqual(
      expect.objectContaining({ status: 'cancelled', closedReason: 'came-late' }),
    );
  });

  it('an admission notice that the ward did not order in 24 hours is missing, then late', async () => {
    const one = ward('os', { sender: 'OS' });
    await say(one, 'A01', { facts: [need(['SOC'])] });
    await hub.to(hub.now + 22 * HOUR);
    expect((await hub.settled()).everFlagged(hub.stayOf(one))).toEqual([]);
    await hub.to(hub.now + 2 * HOUR);
    expect((await hub.settled()).open(hub.stayOf(one))).toEqual(['INS-01']);
    await say(one, 'A08', { facts: [order()] });
    await hub.to(hub.now + 10 * MINUTE);
    const seen = await hub.settled();
    expect(seen.open(hub.stayOf(one))).toEqual(['INS-03']);
    expect(seen.told(hub.stayOf(one))).toEqual({ [SOLNA]: ['INS'] });
  });
});

describe('what may not be told', () => {
  it('is withheld when consent is refused, and that is no deviation', async () => {
    await hub.to(onDay(hub.now, 1, 8));
    const one = ward('refused', { sender: 'PS', expected: hl7Day(hub.now) });
    await say(one, 'A01', { facts: [need(['SOC', 'ROV']), consent('N')] });
    await say(one, 'A08', { facts: [ready('Y')] });
    await say(one, 'A03', { facts: [info(['SOC']), info(['ROV'])] });
    await hub.to(noon(2));
    const seen = await hub.settled();
    expect(seen.told(hub.stayOf(one))).toEqual({ [SOLNA]: ['INS'], [CLINIC]: ['INS'] });
    expect(seen.everFlagged(hub.stayOf(one))).toEqual([]);
  });

  it('of a protected person goes to a person by hand, labelled and without address', async () => {
    const one = ward('protected', { person: PROTECTED[0]! });
    await say(one, 'A01', { protection: 'SEKR', facts: [need(['SOC', 'ROV']), consent('Y')] });
    const seen = await hub.settled();
    const stayId = hub.stayOf(one);
    expect(seen.told(stayId)).toEqual({});
    expect(seen.tasks(stayId)).toEqual([
      expect.objectContaining({ status: 'requested', duty: expect.objectContaining({ code: 'ROUTE-BY-HAND' }) }),
    ]);
    const records = seen.records.filter(({ key, topic }) => key === stayId || topic === hub.topics.events);
    const about = records.map(({ value }) => value.toString()).filter((text) => text.includes(stayId));
    expect(about.length).toBeGreaterThan(1);
    for (const text of about) {
      expect(text).not.toContain('Exempelgatan');
      expect(text).toContain('SecurityLabel');
    }
  });

  it('a need whose recipient nobody knows waits for a person, and the clock runs', async () => {
    const one = ward('unresolved', { home: UNKNOWN_HOMES[0] });
    await say(one, 'A01', { facts: [need(['SOC', 'ROV'])] });
    expect((await hub.settled()).told(hub.stayOf(one))).toEqual({ [CLINIC]: ['INS'] });
    const [task] = (await hub.outcome()).tasks(hub.stayOf(one));
    expect(task).toMatchObject({ status: 'requested', duty: { code: 'ROUTE-BY-HAND' } });
    await hub.to(hub.now + 26 * HOUR);
    expect((await hub.settled()).open(hub.stayOf(one))).toEqual(['TEK-03']);
  });
});

describe('a day of ordinary stays without need', () => {
  it('tells nobody, asks for nothing, and notes only where no need was ever stated', async () => {
    await hub.to(onDay(hub.now, 1, 7));
    const stays = Array.from({ length: 24 }, (_, n) => ward(`day-${n}`, { sender: n % 3 === 0 ? 'PS' : 'KS' }));
    const from = hub.now;
    for (const [n, one] of stays.entries()) {
      await hub.to(from + n * 20 * MINUTE);
      const facts = n % 2 === 0 ? [need([])] : [];
      await hub.send(one.sender, one.message('A01', hub.now, { expected: '20260601', facts }));
      const earlier = stays[n - 4];
      if (earlier) await hub.send(earlier.sender, earlier.message('A08', hub.now, { facts: [ready('Y')] }));
      const leaving = stays[n - 8];
      if (leaving) await hub.send(leaving.sender, leaving.message(n % 5 === 0 ? 'A11' : 'A03', hub.now));
    }
    await hub.to(noon(3));
    const seen = await hub.settled();
    const ids = new Set(stays.map((one) => hub.stayOf(one)));
    expect(seen.on(hub.topics.events).filter(({ value }) => ids.has(stayIn(value))).length).toBe(24 + 20 + 16);
    const { events, stays: states } = hub.topics;
    const told = seen.on(states).filter(({ key }) => ids.has(key));
    expect(new Set(told.map(({ key }) => key))).toEqual(ids);
    expect(told.filter(({ value }) => !value.toString().includes('"told":[],"withheld":[]'))).toEqual([]);
    const said = seen.records.filter(({ key, topic }) => ids.has(key) && topic !== events && topic !== states);
    expect(said.map(({ topic }) => topic).filter((topic) => topic !== hub.topics.deviations)).toEqual([]);
    const silent = stays.filter((_, n) => n % 2 === 1 && n + 8 < stays.length && (n + 8) % 5 !== 0);
    expect(said.map(({ key, value }) => [key, value.toString().includes('"INS-11"')]).sort()).toEqual(
      silent.map((one) => [hub.stayOf(one), true]).sort(),
    );
  });
});

describe('what the hub answers to what it does not take', () => {
  it('is AR, and of a stranger nothing is kept', async () => {
    const connection = hub.connect();
    const stranger = ward('stranger').message('A01', hub.now).toString().replace('|KS|', '|XX|');
    const before = (await hub.settled()).on(hub.topics.inbound).length;
    expect((await connection.send(Buffer.from(stranger))).code).toBe('AR');
    expect((await hub.settled()).on(hub.topics.inbound).length).toBe(before);
    const other = ward('other').message('A08', hub.now).toString().replaceAll('A08', 'A24');
    expect((await connection.send(Buffer.from(other))).code).toBe('AR');
    connection.close();
  });

  it('is AA and `rejected` when only the content tells, and the next message goes on', async () => {
    const [bad, good] = [ward('bad'), ward('good')];
    const message = bad.message('A01', hub.now, { facts: [need(['SOC'])] }).toString();
    await hub.send('KS', Buffer.from(message.replace('191212121212', '191212121213')));
    await hub.send('KS', good.message('A01', hub.now, { facts: [need(['SOC'])] }));
    const seen = await hub.settled();
    expect(seen.on(hub.topics.rejected).length).toBe(1);
    expect(seen.told(hub.stayOf(bad))).toEqual({});
    expect(seen.told(hub.stayOf(good))).toEqual({ [SOLNA]: ['INS'] });
  });
});

describe('a stay', () => {
  it('shows itself to nobody who was not told of it: not by content, count, error or id, whoever asks whatever', async () => {
    const callers = hub.client.callers.filter((name) => !['operator', SOLNA, CLINIC].includes(name));
    const strangers = callers.filter((name) => !/^(sender:KS|SE2321000016-1000)$/.test(name));
    // One caller after another: each may ask only so much at once, and so may an address.
    const counts = async () => {
      const all: (readonly string[])[] = [];
      for (const caller of strangers) all.push(await countsOf(caller, hub));
      return all;
    };
    const before = await counts();
    // Admitted the day before yesterday: the INS is late, which is a deviation and a case of the ward at once. No ground for the
    // readiness: withheld, and a Task to the ward.
    const one = new Ward('strangers', { admitted: hub.now - 48 * 60 * MINUTE });
    await say(one, 'A01', { facts: [need(['SOC', 'ROV'])] });
    await say(one, 'A08', { facts: [ready('Y')] });
    const stay = hub.stayOf(one);
    const settled = await hub.settled();
    expect(settled.told(stay)).toMatchObject({ [SOLNA]: ['INS'] });
    expect(await counts()).toEqual(before);

    const ids = await idsOfStay(stay, settled, SOLNA, hub);
    expect(Object.values(ids)).not.toContain('');
    // The board that was told sees it: the questions are such that somebody has an answer to them.
    expect((await leaksTo(SOLNA, ids, hub)).length).toBeGreaterThan(5);
    const leaks: string[] = [];
    for (const caller of strangers) leaks.push(...(await leaksTo(caller, ids, hub)));
    expect(leaks).toEqual([]);
    for (const observer of OBSERVERS) expect(await idsObserved(observer, ids, hub)).toEqual([]);
  });

  it('is explained to each caller by its part, and not to the others', async () => {
    const one = ward('explained');
    await say(one, 'A01', { facts: [need(['SOC', 'ROV'])] });
    const settled = await hub.settled();
    const told = settled.notices.find(({ stayId, recipient }) => stayId === hub.stayOf(one) && recipient === SOLNA);
    const why = async (caller: string, reason?: string) => {
      const headers = { authorization: `Bearer ${hub.token(caller)}`, ...(reason && { 'x-reason': reason }) };
      const path = `/fhir/Communication/${told?.deliveryId}/$explain?party=${CLINIC}`;
      return (await fetch(`${hub.http}${path}`, { headers })).text();
    };
    const sender = await why('sender:KS');
    const asked = `${CLINIC} har f\u00e5tt \u201dInskrivningsmeddelande\u201d`;
    for (const part of ['RTE-01', 'SoL 29:3', 'LUS 2:2', 'avdelningens meddelanden', asked])
      expect(sender).toContain(part);
    const recipient = await why(SOLNA);
    expect(recipient).toContain('uppgift fr\u00e5n annan part');
    expect(recipient).not.toContain('RTE-01');
    expect(recipient).not.toContain('ROV');
    expect(await why('operator', 'kontroll')).toContain('RTE-01');
    expect(await why('operator')).toContain('x-reason');
    expect(await why(CLINIC)).toBe(await why('0182'));
  });
});

describe('all that left the hub', () => {
  it('tells of no person in a key, a header, a line of the log, a metric or an address', async () => {
    const seen = await hub.settled();
    const written = [...marksOf(seen.records), ...(await linesOf(hub))];
    const addresses = addressesIn([...resourcesOnTopics(seen, hub), ...(await answersTo('operator', hub))]);
    expect(addresses.length).toBeGreaterThan(500);
    // The scan finds what it looks for: bytes as they came are full of it.
    expect(seen.on(hub.topics.inbound).some(({ value }) => tellsOfAPerson(value.toString()))).toBe(true);
    expect([...new Set([...written, ...addresses])].filter(tellsOfAPerson)).toEqual([]);
  });

  it('keeps the contracts of the topics', async () => {
    const breaches = contractBreaches((await hub.settled()).records, hub);
    expect(breaches.slice(0, 10)).toEqual([]);
  });

  it("is valid by HL7's validator and our own profiles", async () => {
    const seen = await hub.settled();
    const answers = await Promise.all(['operator', 'sender:KS', SOLNA, CLINIC].map((caller) => answersTo(caller, hub)));
    const refused = await refusals(hub);
    expect(refused.map(({ resource }) => object(resource)['resourceType'])).toEqual(
      refused.map(() => 'OperationOutcome'),
    );
    const all = [...resourcesOnTopics(seen, hub), ...answers.flat(), ...refused];
    for (const topic of [
      'deliveries.',
      'deviations.',
      'deviations ',
      'tasks',
      'receipts ',
      'receipts.',
      'events',
      'stays',
      'rejected',
    ]) {
      expect([topic, all.some(({ name }) => name.startsWith(topic))]).toEqual([topic, true]);
    }
    const errors = errorsIn(await validateAll(distinctInForm(all)));
    expect(errors.slice(0, 10)).toEqual([]);
  });
});

/** The stay that an event is about: the id of its Encounter. */
function stayIn(value: Buffer): string {
  return /"Encounter","id":"([0-9a-f-]{36})"/.exec(value.toString())?.[1] ?? '';
}
