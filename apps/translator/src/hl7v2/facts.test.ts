import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FACT_CODES, type FactCode } from '#libs/domain';
import { fact, type Fields } from '../../test/adt.ts';
import { eventOf, findingsOf } from '../../test/reading.ts';

const facts = (...obx: Fields[]) => eventOf({ obx }).facts;
const findings = (...obx: Fields[]) => findingsOf({ obx });
const at = (text: string) => Date.parse(text);
const CLINIC = 'SE2321000016-2001';
const OTHER_CLINIC = 'SE5560000001-2002';

/** For every code of contract 5: values that it may have, and values that state nothing. */
const VALUES: Readonly<Record<FactCode, { readonly good: [string, string[]][]; readonly bad: string[] }>> = {
  NEED: {
    good: [
      ['ROV~SOC', ['SOC', 'ROV']],
      ['SOC~KHSL~ROV', ['SOC', 'KHSL', 'ROV']],
      ['SOC^Socialtjänst^BRYGGAN', ['SOC']],
      ['NONE', ['NONE']],
    ],
    bad: ['XYZ', '', '""', 'HOME', 'constructor'],
  },
  CONSENT: {
    good: [
      ['Y', ['Y']],
      ['N', ['N']],
      ['Y~0184~0180-jarva', ['0180-jarva', '0184', 'Y']],
      [`N~${CLINIC}`, ['N', CLINIC]],
    ],
    // A consent to somebody who cannot be read is never one to everybody (SAL-3).
    bad: ['J', 'Y~N', 'Y~?', 'Y~Solna', 'Y~0184~N', '0184', '', '__proto__'],
  },
  BASIS: {
    good: [
      ['CANNOT_CONSENT', ['CANNOT_CONSENT']],
      ['LPT_7A~MENPROVNING', ['MENPROVNING', 'LPT_7A']],
    ],
    bad: ['BECAUSE', ''],
  },
  INS: { good: [['Y', ['Y']]], bad: ['N', ''] },
  READY: {
    good: [
      ['Y', ['Y']],
      ['N', ['N']],
    ],
    bad: ['', 'YES'],
  },
  COMPULSORY: { good: ['LPT', 'LRV', 'OPT', 'ORV', 'N'].map((code) => [code, [code]]), bad: ['LVM', 'LPT~LRV', ''] },
  OPTAPPLIED: { good: [['Y', ['Y']]], bad: ['', '""'] },
  OPTDECISION: { good: [['20260501', ['20260501']]], bad: [''] },
  REFERRAL: {
    good: [
      ['Y', ['Y']],
      ['N', ['N']],
    ],
    bad: ['O'],
  },
  CARETYPE: { good: ['SOM', 'PSY', 'BER', 'BUP'].map((code) => [code, [code]]), bad: ['GER', 'SOM~PSY'] },
  HOUSING: {
    good: ['ORD', 'SABO', 'LSS', 'HVB', 'KORTTID', 'HOMELESS', 'PRISON', 'UNKNOWN'].map((code) => [code, [code]]),
    bad: ['VILLA', ''],
  },
  PLACEDBY: { good: [['0184', ['0184']]], bad: ['184', 'Solna', '0184~0180', ''] },
  LSS: { good: ['Y', 'N'].map((code) => [code, [code]]), bad: ['J', 'Y~N', ''] },
  CONTACT: {
    good: [
      [CLINIC, [CLINIC]],
      [`${OTHER_CLINIC}~${CLINIC}^Psykiatrin`, [CLINIC, OTHER_CLINIC]],
    ],
    bad: ['4711', 'Psykiatrin', ''],
  },
  REHAB: { good: [[CLINIC, [CLINIC]]], bad: ['Rehab', ''] },
  HOMECARE: {
    good: [
      [CLINIC, [CLINIC]],
      [`${CLINIC}^Hemtjänsten`, [CLINIC]],
      ['Berg & Dal ^ Co', ['Berg & Dal ^ Co']],
    ],
    bad: [''],
  },
  INFO: { good: [['Läkemedel ändrade', ['Läkemedel ändrade']]], bad: ['', '""', '~'] },
  OPPOSED: { good: [['Y', ['Y']]], bad: [''] },
  PATINFO: { good: [['Muntligt', ['Muntligt']]], bad: [''] },
  CHECK: { good: [['Läkemedel~Hjälpmedel', ['Läkemedel', 'Hjälpmedel']]], bad: [''] },
};

describe.each(FACT_CODES)('%s', (code) => {
  const { good, bad } = VALUES[code];

  it.each(good)('may be "%s"', (value, expected) => {
    const event = eventOf({ obx: [fact(code, value)] });
    expect(event.facts).toMatchObject([{ code, values: expected, status: 'F' }]);
    expect(event.findings).toEqual([]);
  });

  it.each(bad)('is not stated by "%s", which is told', (value) => {
    expect(facts(fact(code, value))).toEqual([]);
    expect(findings(fact(code, value))).toEqual(['unstated unknown-fact-value@OBX[1]-5']);
  });

  it('needs no value when it was never true', () => {
    expect(facts(fact(code, '', { 11: 'D' }))).toMatchObject([{ code, values: [], status: 'D' }]);
    expect(findings(fact(code, '', { 11: 'D' }))).toEqual([]);
  });
});

describe('an unknown value beside a known one of a set', () => {
  it.each([
    ['NEED', 'SOC&ROV', ['SOC']],
    ['NEED', 'SOC~KSHL', ['SOC']],
    ['BASIS', 'MENPROVNING~BECAUSE', ['MENPROVNING']],
    ['CONTACT', `${CLINIC}~Psykiatrin`, [CLINIC]],
  ])('of %s: the known holds, flagged', (code, value, expected) => {
    expect(facts(fact(code, value))).toMatchObject([{ values: expected }]);
    expect(findings(fact(code, value))).toEqual(['flagged unknown-fact-value@OBX[1]-5']);
  });
});

describe('which OBX are facts', () => {
  it.each([
    ['of another coding system', 'CA125^text^LN', []],
    ['one of our codes under another coding system', 'CHECK^text^LN', ['noted unknown-fact@OBX[1]-3']],
    ['one of our codes under none', 'NEED^text', ['unstated unknown-fact@OBX[1]-3']],
    ['an unknown code of ours', 'NEEDS^text^BRYGGAN', ['unstated unknown-fact@OBX[1]-3']],
    ['no code of ours', '^text^BRYGGAN', ['unstated unknown-fact@OBX[1]-3']],
    ['a code that is a word of the language', 'constructor^text^BRYGGAN', ['unstated unknown-fact@OBX[1]-3']],
    ['another one', '__proto__^text^BRYGGAN', ['unstated unknown-fact@OBX[1]-3']],
  ])('not %s', (_, code, expected) => {
    expect(facts({ 3: code, 5: 'SOC' })).toEqual([]);
    expect(findings({ 3: code, 5: 'SOC' })).toEqual(expected);
  });

  it('ours in small letters too', () => {
    expect(facts({ 3: 'NEED^text^Bryggan ', 5: 'SOC' })).toMatchObject([{ code: 'NEED' }]);
  });

  it('one that is wrong takes no other with it', () => {
    expect(facts(fact('NEEDS', 'SOC'), fact('CONSENT', 'Y'), fact('NEED', 'ROV'))).toMatchObject([
      { code: 'NEED', values: ['ROV'] },
      { code: 'CONSENT' },
    ]);
  });

  it.each([
    ['F', 'F'],
    ['', 'F'],
    ['C', 'C'],
    ['D', 'D'],
    ['W', 'D'],
  ])('status "%s"', (status, expected) => {
    expect(facts(fact('READY', 'Y', { 11: status }))).toMatchObject([{ status: expected }]);
  });

  it.each(['P', 'R', 'X', 'I', 'S', 'constructor'])('status %s states nothing, which is told', (status) => {
    expect(facts(fact('READY', 'Y', { 11: status }))).toEqual([]);
    expect(findings(fact('READY', 'Y', { 11: status }))).toEqual(['unstated bad-status@OBX[1]-11']);
  });
});

describe('scopes', () => {
  it.each([
    [undefined, []],
    ['ROV', ['ROV']],
    ['ROV~SOC', ['SOC', 'ROV']],
    ['HOME', ['HOME']],
  ])('%s', (text, expected) => {
    expect(facts(fact('CONSENT', 'Y', { 4: text }))).toMatchObject([{ scopes: expected }]);
  });

  it('an unknown one alone is not "all": nothing is stated', () => {
    expect(facts(fact('CONSENT', 'Y', { 4: 'EVERYONE' }))).toEqual([]);
    expect(findings(fact('CONSENT', 'Y', { 4: 'EVERYONE' }))).toEqual(['unstated bad-scope@OBX[1]-4']);
  });

  it('of an unknown one beside a known one the known holds', () => {
    expect(facts(fact('CONSENT', 'Y', { 4: 'SOC~EVERYONE' }))).toMatchObject([{ scopes: ['SOC'] }]);
    expect(findings(fact('CONSENT', 'Y', { 4: 'SOC~EVERYONE' }))).toEqual(['flagged bad-scope@OBX[1]-4']);
  });

  it.each(['F', 'D'])('of a need are no more than its name, for who corrects it (%s)', (status) => {
    const named = fact('NEED', 'SOC~ROV', { 4: 'SOC', 11: status });
    expect(facts(named)).toMatchObject([{ scopes: ['SOC'], values: ['SOC', 'ROV'] }]);
    expect(findings(named)).toEqual([]);
  });

  it.each<[string, string | undefined, string[]]>([
    ['of both, where both have one', 'SOC', ['SOC', 'ROV']],
    ['none, where one has none', undefined, []],
  ])('needs of one time are one need, and its name is %s', (_name, text, scopes) => {
    const joined = facts(fact('NEED', 'ROV', { 4: 'ROV' }), fact('NEED', 'SOC', { 4: text }));
    expect(joined).toMatchObject([{ scopes, values: ['SOC', 'ROV'] }]);
  });

  it('of a need that are none leave its value', () => {
    expect(facts(fact('NEED', 'SOC', { 4: 'ALL' }))).toMatchObject([{ scopes: [], values: ['SOC'] }]);
    expect(findings(fact('NEED', 'SOC', { 4: 'ALL' }))).toEqual(['flagged bad-scope@OBX[1]-4']);
  });
});

describe('when a fact holds from', () => {
  it.each([
    ['a precise time', '20260509080000', '2026-05-09T08:00:00+02:00'],
    ['a minute is precise', '202605090800', '2026-05-09T08:00:00+02:00'],
    ['an hour: its end', '2026050908', '2026-05-09T08:59:59.999+02:00'],
    ['a date alone: the end of that day', '20260509', '2026-05-09T23:59:59.999+02:00'],
    ['but at most when it was sent', '20260510', '2026-05-10T14:30:00+02:00'],
    ['a month, at most when it was sent', '202605', '2026-05-10T14:30:00+02:00'],
    ['with an offset', '202605090800+0000', '2026-05-09T08:00:00Z'],
  ])('%s', (_, text, expected) => {
    expect(facts(fact('READY', 'Y', { 14: text }))).toMatchObject([{ at: at(expected), stated: text }]);
    expect(findings(fact('READY', 'Y', { 14: text }))).toEqual([]);
  });

  it.each([
    ['next year by mistake', '20270510'],
    ['a second later', '20260510143001'],
    ['the day after', '20260511'],
  ])('%s: from when it was sent, flagged (DEC-21), and named as it was written', (_, text) => {
    const obx = fact('CONSENT', 'Y', { 14: text });
    expect(facts(obx)).toMatchObject([{ at: at('2026-05-10T14:30:00+02:00'), stated: text }]);
    expect(findings(obx)).toEqual(['flagged fact-after-message@OBX[1]-14']);
  });

  it.each([
    ['without OBX-14: when it happened', '20260510142500', '2026-05-10T14:25:00+02:00'],
    ['without that: when it was sent', undefined, '2026-05-10T14:30:00+02:00'],
    ['never after it was sent', '20270510', '2026-05-10T14:30:00+02:00'],
    ['of a day: its end', '20260509', '2026-05-09T23:59:59.999+02:00'],
  ])('%s', (_, occurred, expected) => {
    const [ready] = eventOf({ evn: { 6: occurred }, obx: [fact('READY', 'Y')] }).facts;
    expect(ready).toMatchObject({ at: at(expected) });
    expect(ready).not.toHaveProperty('stated');
  });

  it('an EVN-6 after the message was sent is flagged where a fact would take it', () => {
    const [trigger, evn] = ['A08', { 6: '20270510' }];
    expect(findingsOf({ trigger, evn, obx: [fact('READY', 'Y')] })).toEqual([
      'flagged fact-after-message@EVN-6',
      'flagged event-after-message@EVN-6',
    ]);
    expect(findingsOf({ trigger, evn, obx: [fact('READY', 'Y', { 14: '20260509' })] })).toEqual([
      'flagged event-after-message@EVN-6',
    ]);
  });

  it('a time that cannot be read counts as none, which is told', () => {
    const obx = fact('READY', 'Y', { 14: 'v.20' });
    expect(facts(obx)).toMatchObject([{ at: at('2026-05-10T14:25:00+02:00') }]);
    expect(facts(obx)[0]).not.toHaveProperty('stated');
    expect(findings(obx)).toEqual(['unstated bad-timestamp@OBX[1]-14']);
  });
});

it.each(['C', 'D'])('a correction (%s) of a time that cannot be read takes nothing back', (status) => {
  expect(facts(fact('CONSENT', 'N', { 11: status, 14: 'v.20' }))).toEqual([]);
  expect(findings(fact('CONSENT', 'N', { 11: status, 14: 'v.20' }))).toEqual(['unstated bad-timestamp@OBX[1]-14']);
});

describe('several OBX of one time', () => {
  it.each<[string, Fields[], string[]]>([
    ['two needs', [fact('NEED', 'ROV'), fact('NEED', 'SOC')], ['SOC', 'ROV']],
    ['of two scopes', [fact('NEED', 'ROV', { 4: 'ROV' }), fact('NEED', 'SOC', { 4: 'SOC' })], ['SOC', 'ROV']],
    ['said twice', [fact('NEED', 'SOC'), fact('NEED', 'SOC')], ['SOC']],
    [
      'written in two ways',
      [fact('NEED', 'SOC'), fact('NEED', 'KHSL', { 14: '20260510142500+0200' })],
      ['SOC', 'KHSL'],
    ],
  ])('NEED: the union of %s', (_, obx, expected) => {
    expect(facts(...obx)).toMatchObject([{ code: 'NEED', values: expected }]);
    expect(findings(...obx)).toEqual([]);
  });

  it.each<[string, Fields[]]>([
    ['in one OBX', [fact('NEED', 'NONE~SOC')]],
    ['in two', [fact('NEED', 'SOC'), fact('NEED', 'NONE')]],
  ])('NONE beside a scope %s: the scope holds, flagged', (_, obx) => {
    expect(facts(...obx)).toMatchObject([{ values: ['SOC'] }]);
    expect(findings(...obx)).toEqual([`flagged need-and-none@OBX[${obx.length}]-5`]);
  });

  it('needs of two times are two', () => {
    const [first, second] = [fact('NEED', 'SOC', { 14: '202605091000' }), fact('NEED', 'NONE', { 14: '202605091100' })];
    expect(facts(second, first)).toMatchObject([{ values: ['SOC'] }, { values: ['NONE'] }]);
  });

  it('two values of one fact exclude each other: neither is stated', () => {
    expect(facts(fact('CONSENT', 'Y'), fact('CONSENT', 'N'))).toEqual([]);
    expect(findings(fact('CONSENT', 'Y'), fact('CONSENT', 'N'))).toEqual(['unstated contradicting-facts@OBX[2]-5']);
    expect(facts(fact('CONSENT', 'Y'), fact('CONSENT', 'N', { 4: 'SOC' }))).toHaveLength(2);
  });

  it('corrections of two facts are two, though both are taken at the time of sending', () => {
    const [one, other] = ['20260510', '20260511'].map((day) => fact('NEED', '', { 11: 'D', 14: day }));
    expect(facts(one!, other!)).toMatchObject([{ stated: '20260510' }, { stated: '20260511' }]);
  });

  it('who judged is kept when all say the same', () => {
    const by = (id: string | undefined) => fact('NEED', 'SOC', { 16: id });
    expect(facts(by('A1'), by('A1'))[0]?.judgedBy).toBe('A1');
    expect(facts(by('A1'), by('A2'))[0]).not.toHaveProperty('judgedBy');
  });

  it('INFO of one scope and time are lines of one text, in order', () => {
    const obx = [
      fact('INFO', 'Läkemedel:', { 4: 'ROV' }),
      fact('NEED', 'ROV'),
      fact('INFO', '', { 4: 'ROV' }),
      fact('INFO', 'oförändrade', { 4: 'ROV' }),
      fact('INFO', 'Till kommunen', { 4: 'SOC' }),
    ];
    expect(facts(...obx)).toMatchObject([
      { code: 'NEED' },
      { scopes: ['ROV'], values: ['Läkemedel:\n\noförändrade'] },
      { scopes: ['SOC'], values: ['Till kommunen'] },
    ]);
  });

  it('INFO of other times or statuses are kept apart', () => {
    expect(
      facts(
        fact('INFO', 'a', { 14: '202605091000' }),
        fact('INFO', 'b', { 14: '202605091100' }),
        fact('INFO', 'c', { 11: 'C', 14: '202605091000' }),
      ),
    ).toMatchObject([{ values: ['c'], status: 'C' }, { values: ['a'] }, { values: ['b'] }]);
  });

  it('INFO has its escapes decoded, its repetitions as lines, and what stands unescaped in it kept', () => {
    expect(facts(fact('INFO', 'A\\T\\B\\.br\\C~D & E^F'))).toMatchObject([{ values: ['A&B\nC\nD & E^F'] }]);
  });
});

describe('whatever the order of the OBX', () => {
  // Lines of a text stand in the order in which they were written.
  const TEXTS: readonly FactCode[] = ['HOMECARE', 'PATINFO', 'CHECK'];
  const coded = FACT_CODES.filter((code) => !['INFO', 'OPTAPPLIED', 'OPTDECISION', 'OPPOSED'].includes(code));
  const obx = fc.record({
    code: fc.constantFrom(...coded),
    value: fc.nat({ max: 9 }),
    scope: fc.constantFrom(undefined, 'SOC', 'ROV', 'SOC~ROV', 'X'),
    status: fc.constantFrom('F', 'F', 'C', 'D', 'X'),
    time: fc.constantFrom(undefined, '20260510', '20260510142500', '202605101425', '20270101', 'soon'),
    judge: fc.constantFrom(undefined, 'A1', 'A2'),
  });

  it('the facts are the same', () => {
    const written = fc.array(obx, { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(written, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (drafts, keys) => {
        const fields = drafts.map(({ code, value, scope, status, time, judge }) => {
          const values = [...VALUES[code].good.map(([text]) => text), ...VALUES[code].bad];
          const text = values[value % values.length] ?? '';
          return fact(code, text, { 4: scope, 11: status, 14: time, 16: judge });
        });
        const shuffled = fields
          .map((field, index) => ({ field, key: keys[index] ?? 0 }))
          .sort((a, b) => a.key - b.key)
          .map(({ field }) => field);
        const texts = (list: ReturnType<typeof facts>) =>
          list.map((one) => ({ ...one, values: TEXTS.includes(one.code) ? [...one.values].sort() : one.values }));
        expect(texts(facts(...shuffled))).toEqual(texts(facts(...fields)));
      }),
      { numRuns: 300 },
    );
  });
});

describe('an agreement may let a trigger say that the patient is ready', () => {
  const changed = { ready: 'A16' };

  it('at the time of the event', () => {
    expect(eventOf({ trigger: 'A16' }, changed).facts).toEqual([
      { code: 'READY', scopes: [], values: ['Y'], status: 'F', at: at('2026-05-10T14:25:00+02:00') },
    ]);
  });

  it('unless the message says otherwise', () => {
    const parts = { trigger: 'A16', obx: [fact('READY', 'N')] };
    expect(eventOf(parts, changed).facts).toMatchObject([{ values: ['N'] }]);
  });

  it('no other trigger does, nor that one without the agreement', () => {
    expect(eventOf({ trigger: 'A08' }, changed).facts).toEqual([]);
    expect(eventOf({ trigger: 'A16' }).facts).toEqual([]);
  });
});

it.each([
  ['SE2321000016-ABC1', 'SE2321000016-ABC1'],
  ['191212121212', undefined],
  ['121212-1212', undefined],
  ['Anna Andersson', undefined],
  [undefined, undefined],
])('who judged is an id: %s', (text, expected) => {
  expect(facts(fact('NEED', 'SOC', { 16: text && `${text}^Andersson^Anna` }))[0]?.judgedBy).toBe(expected);
});
