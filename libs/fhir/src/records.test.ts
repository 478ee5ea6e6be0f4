import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CLOSING_REASONS, DEVIATION_CODES, TASK_CODES } from '#libs/domain';
import {
  isUnreadable,
  NOTICE_CODES,
  readDeviation,
  readReceipt,
  readTask,
  TASK_NAMES,
  writeDeviation,
  writeOutcome,
  writeReceipt,
  writeTask,
  type DeviationRecord,
  type Receipt,
  type TaskRecord,
} from './index.ts';

const instant = fc.integer({ min: Date.UTC(2000, 0, 1), max: Date.UTC(2100, 0, 1) });
const text = fc.string({ minLength: 1, maxLength: 20 });
const protection = fc.constantFrom('sekretessmarkering', 'skyddadFolkbokforing', 'fingeradePersonuppgifter', 'unknown');
const overTheWire = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const receipt: fc.Arbitrary<Receipt> = fc.record(
  {
    deliveryId: fc.uuid(),
    actId: fc.uuid(),
    category: fc.constantFrom(...NOTICE_CODES),
    status: fc.constantFrom('completed', 'entered-in-error'),
    recipient: fc.constantFrom('0184', '0180-jarva', 'SE2321000016-2001'),
    stayId: fc.uuid(),
    sent: instant,
    received: instant,
    withdraws: fc.array(fc.uuid(), { maxLength: 2 }),
    protection,
  },
  {
    requiredKeys: ['deliveryId', 'actId', 'category', 'status', 'recipient', 'stayId', 'sent', 'received', 'withdraws'],
  },
);

const deviation: fc.Arbitrary<DeviationRecord> = fc
  .record(
    {
      id: fc.uuid(),
      stayId: fc.uuid(),
      deviation: fc.record(
        {
          code: fc.constantFrom(...DEVIATION_CODES),
          occasion: fc.oneof(fc.constant(''), text),
          party: fc.constantFrom('hub', 'SE2321000016-1000'),
          severity: fc.constantFrom(1, 2, 3, 4),
          due: instant,
          suspected: fc.constant(false),
          reason: fc.constant('ground-not-stated'),
          rule: text,
          evidence: fc.array(fc.uuid(), { maxLength: 3 }),
          units: fc.subarray(['0184', '0180-jarva', 'SE2321000016-2001'], { minLength: 1 }),
        },
        { requiredKeys: ['code', 'occasion', 'party', 'severity', 'due', 'suspected', 'rule', 'evidence'] },
      ),
      status: fc.constantFrom('preliminary', 'final', 'cancelled'),
      identified: instant,
      name: text,
      closedReason: fc.constantFrom(...CLOSING_REASONS),
      version: fc.nat(100),
      lastUpdated: instant,
      protection,
    },
    { requiredKeys: ['id', 'stayId', 'deviation', 'name', 'status', 'identified'] },
  )
  // The status alone says whether it is suspected.
  .map((record) => ({ ...record, deviation: { ...record.deviation, suspected: record.status === 'preliminary' } }));

const task: fc.Arbitrary<TaskRecord> = fc.record(
  {
    id: fc.uuid(),
    stayId: fc.uuid(),
    duty: fc.record(
      {
        code: fc.constantFrom(...TASK_CODES),
        occasion: fc.oneof(fc.constant(''), text),
        owner: fc.constantFrom('operator', 'SE2321000016-1000'),
        since: instant,
        statedBy: fc.uuid(),
        due: instant,
        text,
        protection,
      },
      { requiredKeys: ['code', 'occasion', 'owner', 'since', 'statedBy', 'due', 'text'] },
    ),
    status: fc.constantFrom('requested', 'completed', 'cancelled'),
    authoredOn: instant,
    lastModified: instant,
    version: fc.nat(100),
  },
  { requiredKeys: ['id', 'stayId', 'duty', 'status', 'authoredOn', 'lastModified'] },
);

describe('records over the wire are read as they were written', () => {
  it('a receipt', () => {
    fc.assert(
      fc.property(receipt, (one) => {
        expect(readReceipt(overTheWire(writeReceipt(one)))).toEqual(one);
      }),
    );
  });

  it('a deviation', () => {
    fc.assert(
      fc.property(deviation, (one) => {
        expect(readDeviation(overTheWire(writeDeviation(one)))).toEqual(one);
      }),
    );
  });

  it('a Task', () => {
    fc.assert(
      fc.property(task, (one) => {
        expect(readTask(overTheWire(writeTask(one)))).toEqual(one);
      }),
    );
  });

  it('and what is none of these is unreadable, never thrown', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        for (const read of [readReceipt, readDeviation, readTask]) expect(isUnreadable(read(value))).toBe(true);
      }),
    );
  });
});

describe('what records say', () => {
  const [one] = fc.sample(deviation, 1);
  const written = (more: Partial<DeviationRecord>) => writeDeviation({ ...one!, ...more });

  it.each([
    [4, 'high'],
    [3, 'moderate'],
    [2, 'low'],
    [1, 'low'],
  ] as const)('grade %i of rules 6.2 is %s in FHIR', (severity, grade) => {
    expect(written({ deviation: { ...one!.deviation, severity } }).severity).toBe(grade);
  });

  it('a deviation names no patient (rules 12.5), and its code as its dated row does (DEC-34)', () => {
    const issue = written({
      deviation: { ...one!.deviation, code: 'UTS-01' },
      name: 'Utskrivningsinformation saknas',
    });
    expect(issue.patient).toBeUndefined();
    expect(issue.code?.coding?.[0]).toEqual({
      system: 'https://bryggan.example/fhir/CodeSystem/deviation',
      code: 'UTS-01',
      display: 'Utskrivningsinformation saknas',
    });
  });

  it('a deviation names as evidence the events, and the units that it is about (DEC-27)', () => {
    const issue = written({ deviation: { ...one!.deviation, evidence: ['e1'], units: ['0184', '0180-jarva'] } });
    expect(issue.evidence).toEqual([
      {
        detail: [
          { reference: 'MessageHeader/e1' },
          { reference: 'Organization/0184' },
          { reference: 'Organization/0180-jarva' },
        ],
      },
    ]);
  });

  it('a receipt holds neither person nor content', () => {
    fc.assert(
      fc.property(receipt, (record) => {
        const communication = writeReceipt(record);
        expect(communication).not.toHaveProperty('subject');
        expect(communication).not.toHaveProperty('payload');
        expect(communication).not.toHaveProperty('extension');
      }),
    );
  });

  it('a Task has its owner, its clock and its label', () => {
    fc.assert(
      fc.property(task, (record) => {
        expect(writeTask(record)).toMatchObject({
          code: { coding: [{ code: record.duty.code, display: TASK_NAMES[record.duty.code] }] },
          owner: { reference: `Organization/${record.duty.owner}` },
          restriction: { period: { end: new Date(record.duty.due).toISOString() } },
        });
        expect(writeTask(record).meta?.security === undefined).toBe(record.duty.protection === undefined);
      }),
    );
  });

  it('an outcome has the code of the table, and `processing` for an issue type that R4 does not know', () => {
    const issue = { code: 'BRY-0301', issueCode: 'no-such', severity: 'error', text: 'Fel', place: 'PID-3' } as const;
    expect(writeOutcome(issue)).toEqual({
      resourceType: 'OperationOutcome',
      issue: [
        {
          severity: 'error',
          code: 'processing',
          details: {
            coding: [{ system: 'https://bryggan.example/fhir/CodeSystem/error', code: 'BRY-0301' }],
            text: 'Fel',
          },
          expression: ['PID-3'],
        },
      ],
    });
    expect(writeOutcome([issue, { ...issue, issueCode: 'not-found' }]).issue.map(({ code }) => code)).toEqual([
      'processing',
      'not-found',
    ]);
  });
});
