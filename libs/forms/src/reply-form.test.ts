import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import type { Party } from '#libs/domain';
import { formSchemas } from '../definitions/form-schemas.ts';
import { readReplyForm, replyFaults, statementOf, type ReplyForm } from './index.ts';

const FOLDER = join(import.meta.dirname, '../../../schemas/forms');
const STAY = '00000051-0000-8000-8000-000000000001';
const ABOUT = '000000d1-0000-8000-8000-000000000001';
const CONTACT = { name: 'Test Testsson', role: 'Distriktssköterska', telephone: '08-0000000' };
const CONTENT: Record<string, object> = {
  KVI: {},
  RET: { reason: 'NOT-REGISTERED-HERE', rightParty: '0182' },
  PLAN: {},
  OBSTACLE: { exists: 'unknown' },
  FOUND: { where: 'home' },
  'PLAN-INFO': { text: 'Hemtjänst två gånger om dagen.\nNyckel finns.' },
  QUERY: { text: 'Behövs rullator?' },
  ANSWER: { text: 'Ja.', question: ABOUT },
  FVK: { confirmed: true, contact: CONTACT },
  'SIP-CALL': { invited: ['0184'], at: '2026-05-14T10:00' },
  'SIP-PROPOSE': { at: '2026-05-14T10:00', text: 'På avdelningen' },
  'SIP-REPLY': { proposal: ABOUT, accepted: false, at: '2026-05-15T10:00' },
  'SIP-DECLINED': { by: 'PERSON' },
  'SIP-PLAN': { state: 'made', items: ['MEASURES', 'LEAD'], consent: true, tookPart: [], absence: 'UNABLE' },
  SVPL: { state: 'revised', units: ['0184'] },
  'SVPL-ADJ': { plan: ABOUT },
  OPPOSED: { scopes: ['SOC'] },
  'CASE-OWNER': { owner: '0180-farsta', desk: 'aldre' },
  RECIPIENT: { recipient: 'SE5560000001-5001', text: 'Hemma från tisdag.' },
};
const CODES = Object.keys(CONTENT);
const reply = (code: string, more: object = {}) => ({ code, stay: STAY, about: ABOUT, ...CONTENT[code], ...more });
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
const faultsOf = (value: unknown): string[] => {
  const read = readReplyForm(bytes(value));
  return read.ok ? [] : read.faults.map(({ name, place = '' }) => `${name}@${place}`);
};
const form = (value: unknown): ReplyForm => {
  const read = readReplyForm(bytes(value));
  if (!read.ok) throw new Error(faultsOf(value).join(' '));
  return read.value;
};

describe('schemas/forms', () => {
  it('holds what the code makes, and nothing else', () => {
    const made = formSchemas();
    expect(
      readdirSync(FOLDER)
        .filter((name) => name.endsWith('.json'))
        .sort(),
    ).toEqual(made.map(({ name }) => `${name}.json`).sort());
    for (const { name, schema } of made) {
      const file: unknown = JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
      expect(file).toEqual(JSON.parse(JSON.stringify(schema)));
    }
  });

  it.each(CODES)('takes %s as the reader does', (code) => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true });
    addFormats.default(ajv);
    const schema = formSchemas().find(({ name }) => name === 'reply')?.schema ?? {};
    expect(ajv.validate(schema, reply(code))).toBe(true);
    expect(ajv.validate(schema, reply(code, { extra: 1 }))).toBe(false);
  });
});

describe('a reply', () => {
  it.each(CODES)('of %s is read', (code) => expect(faultsOf(reply(code))).toEqual([]));

  it.each<[string, unknown, string[]]>([
    ['no object', [], ['bad-body@']],
    ['no JSON', '{"code":', ['bad-body@']],
    [
      'a name that stands twice',
      `{"code":"KVI","stay":"${STAY}","about":"${ABOUT}","stay":"${ABOUT}"}`,
      ['duplicate-name@'],
    ],
    ['the same name written in two ways', '{"code":"KVI","\\u0063ode":"RET"}', ['duplicate-name@']],
    ['half a letter', '{"code":"QUERY","text":"\\ud83d"}', ['bad-character@']],
    ['nesting without end', `{"code":${'['.repeat(30_000)}${']'.repeat(30_000)}}`, ['nested-too-deep@']],
    ['no code', {}, ['bad-form@$.code']],
    ['a code that is none', reply('INS'), ['bad-form@$.code']],
    ['a code of the language', reply('constructor'), ['bad-form@$.code']],
    ['no stay', reply('KVI', { stay: undefined }), ['bad-form@$.stay']],
    ['a stay that is no id', reply('KVI', { stay: '191212121212' }), ['bad-form@$.stay']],
    ['a key of another code', reply('KVI', { text: 'x' }), ['bad-form@$']],
    ['no reason', reply('RET', { reason: undefined }), ['bad-form@$.reason']],
    ['a reason that reveals a case', reply('RET', { reason: 'UNKNOWN-HERE' }), ['bad-form@$.reason']],
    ['NUL', reply('QUERY', { text: 'a\u0000b' }), ['bad-character@']],
    ['a contact without a name', reply('FVK', { contact: { role: 'x' } }), ['bad-form@$.contact.name']],
    ['a party that is no id', reply('SIP-CALL', { invited: ['0184', 'a b'] }), ['bad-form@$.invited[1]']],
    ['what is taken back, with content', reply('RET', { withdraws: ABOUT }), ['bad-form@$']],
  ])('with %s is refused, and the place says where', (_what, value, expected) => {
    expect(faultsOf(value)).toEqual(expected);
  });

  it('says of a key that its sender made up only where it stands', () => {
    expect(JSON.stringify(readReplyForm(bytes(reply('KVI', { '191212121212': 1 }))))).not.toContain('1912');
  });
});

describe('whether a party may say it', () => {
  const BOARD: Pick<Party, 'kind' | 'legalForms'> = { kind: 'district-board', legalForms: ['municipal-authority'] };
  const CLINIC: Pick<Party, 'kind' | 'legalForms'> = { kind: 'clinic', legalForms: ['region-authority'] };
  const PRIVATE: Pick<Party, 'kind' | 'legalForms'> = { kind: 'clinic', legalForms: ['private'] };
  const knows = (id: string) => ['0182', '0184'].includes(id);
  const faults = (value: object, party: Pick<Party, 'kind' | 'legalForms'>) =>
    replyFaults(form(value), party, knows).map(({ name, place = '' }) => `${name}@${place}`);

  it.each<[string, object, Pick<Party, 'kind' | 'legalForms'>, string[]]>([
    ['a board acknowledges', reply('KVI'), BOARD, []],
    ['a board tells without a ground', reply('PLAN-INFO'), BOARD, ['ground-not-stated@$.grounds']],
    ['a board tells with consent', reply('PLAN-INFO', { grounds: ['CONSENT'] }), BOARD, []],
    ['a clinic of the region asks', reply('QUERY'), CLINIC, []],
    ['a private clinic asks', reply('QUERY'), PRIVATE, ['ground-not-stated@$.grounds']],
    ['a board appoints', reply('FVK', { grounds: ['CONSENT'] }), BOARD, ['answer-not-theirs@$.code']],
    ['a clinic appoints', reply('FVK'), CLINIC, []],
    ['a party that nobody knows', reply('RET', { rightParty: '9999' }), BOARD, ['unknown-party@$.rightParty']],
    [
      'one invited that nobody knows',
      reply('SIP-CALL', { invited: ['0184', '9'] }),
      CLINIC,
      ['unknown-party@$.invited[1]'],
    ],
    ['a day that is none', reply('KVI', { sent: '2026-02-30' }), BOARD, ['bad-timestamp@$.sent']],
    ['an hour that comes twice', reply('KVI', { sent: '2026-10-25T02:30' }), BOARD, ['time-in-overlap@$.sent']],
    ['a year that is none', reply('KVI', { sent: '0000-01-01' }), BOARD, ['bad-timestamp@$.sent']],
    ['taking back needs no ground', { code: 'QUERY', stay: STAY, about: ABOUT, withdraws: ABOUT }, BOARD, []],
  ])('%s: %#', (_what, value, party, expected) => {
    expect(faults(value, party)).toEqual(expected);
  });

  it('a question names its thread by the event that asks it', () => {
    expect(statementOf(form(reply('QUERY')), 'e1')).toEqual({ kind: 'asked', thread: 'e1', text: 'Behövs rullator?' });
  });
});
