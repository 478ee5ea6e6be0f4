import { describe, expect, it } from '@jest/globals';
import { exampleFiles } from '../../libs/fhir/definitions/examples.ts';
import { breachesOf, CONTRACT_TOPICS, headerBreaches } from './contracts.ts';

const examples = exampleFiles().map(({ path, resource }) => ({
  name: path.replace('examples/', '').replace('.json', ''),
  resource: JSON.parse(JSON.stringify(resource)) as Record<string, unknown>,
}));
const of = (resourceType: string, prefix = '') =>
  examples.filter(({ name, resource }) => resource.resourceType === resourceType && name.startsWith(prefix));

type Examples = Readonly<Record<string, readonly { readonly resource: Record<string, unknown> }[]>>;
const EXAMPLES: Examples = {
  events: of('Bundle', 'event'),
  deliveries: of('Bundle').filter(({ name }) => !name.startsWith('event')),
  receipts: of('Communication'),
  tasks: of('Task'),
  deviations: of('DetectedIssue'),
};
const OUTCOME = of('OperationOutcome')[0]!.resource;
const REJECTED = {
  outcome: OUTCOME,
  inbound: { id: '00000010-0000-8000-8000-000000000001', topic: 'inbound', partition: 3, offset: '17' },
  sender: 'KS',
  trigger: 'A01',
  receivedAt: '2026-05-10T12:30:00.000Z',
};
const ID = '00000010-0000-8000-8000-000000000001';
const SEEN = ['sender', 'operator'];
const STAY = {
  id: ID,
  version: 1778416200000,
  organisation: 'SE2321000016-1000',
  encounter: { resourceType: 'Encounter', id: ID },
  patient: { resourceType: 'Patient', id: ID },
  told: [
    {
      ...{ delivery: ID, kind: 'INS', recipient: '0184', ground: 'LUS_2KAP', statedBy: ID },
      sent: '2026-05-10T12:30:00.000Z',
      trace: [{ rule: 'RTE-01', text: 'Kommun 0184.', seenBy: SEEN }],
      seenBy: [...SEEN, '0184'],
      withdrawn: { by: ID, at: '2026-05-10T13:30:00.000Z', because: { text: 'Återtaget.', seenBy: ['operator'] } },
    },
  ],
  withheld: [{ kind: 'UTK', recipient: '0184', text: 'Ingen grund.', seenBy: SEEN }],
  findings: [{ statedBy: ID, text: 'Rättelsen träffar ingen uppgift.', seenBy: SEEN }],
  decision: {
    facts: [{ fact: 'need', value: 'SOC', source: 'avdelningen', seenBy: SEEN }],
    rules: [{ rule: 'RTE-01', basis: 'SoL 29:3', from: '2025-07-01' }],
    notChosen: [{ candidate: '0183', rule: 'RTE-23', text: 'Svarar inte för behovet.', seenBy: ['operator'] }],
    waiting: [{ role: 'clinic', text: 'Listning saknas.', seenBy: SEEN }],
  },
};
const BEAT = { at: '2026-05-10T12:30:00.000Z', replica: 'host-1', seq: 4 };
const HEADERS = {
  id: '00000010-0000-8000-8000-000000000001',
  kind: 'event',
  'schema-version': '1',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
};

describe('the contract of a topic', () => {
  it.each(Object.keys(EXAMPLES))('is kept by the examples of %s', (topic) => {
    expect(EXAMPLES[topic]!.length).toBeGreaterThan(0);
    for (const { resource } of EXAMPLES[topic]!) expect(breachesOf(topic, resource)).toEqual([]);
  });

  it('is kept by a rejection, a beat and the headers', () => {
    expect(breachesOf('rejected', REJECTED)).toEqual([]);
    expect(breachesOf('uptime', BEAT)).toEqual([]);
    expect(headerBreaches(HEADERS)).toEqual([]);
  });

  it.each(CONTRACT_TOPICS)('is broken by what belongs to another topic (%s)', (topic) => {
    const all: Examples = {
      ...EXAMPLES,
      rejected: [{ resource: REJECTED }],
      uptime: [{ resource: BEAT }],
      stays: [{ resource: STAY }],
    };
    const others = Object.keys(all)
      .filter((name) => name !== topic)
      .flatMap((name) => all[name]!);
    for (const { resource } of others) expect(breachesOf(topic, resource)).not.toEqual([]);
  });

  it.each([
    ['receipts', 'a person', { subject: { reference: 'Patient/1' } }],
    ['receipts', 'a kind that nobody knows', { category: [{ coding: [{ system: 'x', code: 'GOSSIP' }] }] }],
    ['receipts', 'a payload', { payload: [{ contentString: 'x' }] }],
    ['deviations', 'a person', { patient: { reference: 'Patient/1' } }],
    ['deviations', 'a status of its own', { status: 'open' }],
    ['tasks', 'a person', { for: { reference: 'Patient/1' } }],
  ])('of %s is broken by %s', (topic, _what, more) => {
    expect(breachesOf(topic, { ...EXAMPLES[topic]![0]!.resource, ...more })).not.toEqual([]);
  });

  it('of a stay has all that its sender stated or nothing, and on every line who may see it', () => {
    const { id, version, told: every, withheld: withheldAll, findings } = STAY;
    const never = { id, version, told: every, withheld: withheldAll, findings };
    expect(breachesOf('stays', STAY)).toEqual([]);
    expect(breachesOf('stays', never)).toEqual([]);
    expect(breachesOf('stays', { ...never, encounter: STAY.encounter })).not.toEqual([]);
    const [told, [withheld], [finding]] = [STAY.told[0]!, STAY.withheld, STAY.findings];
    const open = { seenBy: undefined };
    const unseen = JSON.parse(
      JSON.stringify([
        { ...STAY, told: [{ ...told, ...open }] },
        { ...STAY, told: [{ ...told, trace: [{ ...told.trace[0], ...open }] }] },
        { ...STAY, told: [{ ...told, withdrawn: { ...told.withdrawn, because: { text: 'Återtaget.' } } }] },
        { ...STAY, withheld: [{ ...withheld, ...open }] },
        { ...STAY, findings: [{ ...finding, seenBy: [] }] },
        { ...STAY, decision: { ...STAY.decision, facts: [{ ...STAY.decision.facts[0], ...open }] } },
        { ...STAY, decision: { ...STAY.decision, notChosen: [{ ...STAY.decision.notChosen[0], ...open }] } },
      ]),
    ) as unknown[];
    for (const value of unseen) expect(breachesOf('stays', value)).not.toEqual([]);
  });

  it('is the same for the topic of one party, and there is none for a topic that nobody knows', () => {
    expect(breachesOf('deliveries.0180-jarva', EXAMPLES.deliveries![0]!.resource)).toEqual([]);
    expect(() => breachesOf('gossip', {})).toThrow('no schema');
  });

  it('lets the stamp of intake through as a number alone (DEC-20)', () => {
    expect(headerBreaches({ ...HEADERS, kind: 'hl7v2', 'intake-stamp': '1778416200000001' })).toEqual([]);
    expect(headerBreaches({ ...HEADERS, kind: 'hl7v2', 'intake-stamp': '2026-05-10' })).not.toEqual([]);
  });

  it('of an event asks for its course, one that the rules know (contract 2)', () => {
    const event = EXAMPLES['events']![0]!.resource;
    const course = JSON.stringify(event);
    expect(breachesOf('events', JSON.parse(course.replace('"admit"', '"go-away"')))).not.toEqual([]);
    expect(breachesOf('events', JSON.parse(course.replace('event-course', 'course-of-event')))).not.toEqual([]);
  });

  it('lets no header through that it does not name', () => {
    expect(headerBreaches({ ...HEADERS, patient: 'x' })).not.toEqual([]);
  });
});
