import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { directoryOf } from './county.ts';
import { ADDRESS_SCHEMA, PARTIES_SCHEMA, readDirectory } from './directory-file.ts';

const DEMONSTRATION = join(import.meta.dirname, '../../../deploy/county');
const SCHEMAS = join(import.meta.dirname, '../../../schemas/directory');
const HEAD = 'municipality,street,low,high,parity,board,from,to';
const parties = join(DEMONSTRATION, 'parties.json');

describe('the published schemas', () => {
  it.each([
    ['parties.json', PARTIES_SCHEMA],
    ['address.json', ADDRESS_SCHEMA],
  ])('%s is what the files are read by', (name, schema) => {
    expect(JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8'))).toEqual(JSON.parse(JSON.stringify(schema)));
  });
});

describe('a directory of files', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bryggan-directory-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function problemsOf(text: string): string[] {
    const file = join(folder, 'addresses.csv');
    writeFileSync(file, text);
    const problems: string[] = [];
    readDirectory(parties, file, problems);
    return problems;
  }

  it('has one version per content', () => {
    const version = (text: string): string => {
      const file = join(folder, 'addresses.csv');
      writeFileSync(file, text);
      return directoryOf(readDirectory(parties, file, [])).version;
    };
    const one = version(`${HEAD}\n0180,Provgatan,1,9,all,0180-farsta,2018-01-01,\n`);
    expect(version(`\uFEFF${HEAD}\r\n0180,Provgatan,1,9,all,0180-farsta,2018-01-01,\r\n`)).toBe(one);
    expect(version(`${HEAD}\n0180,Provgatan,1,9,all,0180-bromma,2018-01-01,\n`)).not.toBe(one);
  });

  it.each([
    ['a last day', '0180,Provgatan,1,9,all,0180-farsta,2018-01-01,2019-12-31'],
    ['no last day', '0180,Provgatan,1,9,odd,0180-farsta,2018-01-01,'],
    ['no place for it', '0180,Provgatan,2,8,even,0180-farsta,2018-01-01'],
  ])('takes a row with %s', (_what, row) => expect(problemsOf(`${HEAD}\n${row}\n`)).toEqual([]));

  it.each([
    ['other columns', 'gata,nummer\n', /^addresses\.csv: första raden ska vara/],
    [
      'a number that is none',
      `${HEAD}\n0180,Provgatan,1,nio,all,0180-farsta,2018-01-01,\n`,
      /^addresses\.csv rad 2: \/high/,
    ],
    [
      'a day that is none',
      `${HEAD}\n0180,Provgatan,1,9,all,0180-farsta,2018-02-30,\n`,
      /^addresses\.csv rad 2: \/from/,
    ],
    [
      'a side that is none',
      `${HEAD}\n0180,Provgatan,1,9,udda,0180-farsta,2018-01-01,\n`,
      /^addresses\.csv rad 2: \/parity ska vara ett av \| must be one of odd, even, all$/,
    ],
    ['a street with a comma', `${HEAD}\n0180,Prov,gatan,1,9,all,0180-farsta,2018-01-01,\n`, /^addresses\.csv rad 2: /],
    [
      'two rows for one house',
      `${HEAD}\n0180,Provgatan,1,9,all,0180-farsta,2018-01-01,\n0180,PROVGATAN,9,9,odd,0180-bromma,2018-01-01,\n`,
      /^addresses\.csv rad 2: delar hus/,
    ],
    [
      'a board that is not there',
      `${HEAD}\n0180,Provgatan,1,9,all,0180-atlantis,2018-01-01,\n`,
      /^addresses\.csv rad 2: 0180-atlantis/,
    ],
  ])('refuses %s, with file and row', (_what, text, fault) => expect(problemsOf(text)[0]).toMatch(fault));

  it('names some of very many faults', () => {
    const rows = Array.from({ length: 500 }, () => '0180,Provgatan,1,9,udda,0180-farsta,2018-01-01,');
    expect(problemsOf([HEAD, ...rows].join('\n'))).toHaveLength(20);
  });

  it('refuses a file that is not there', () => {
    const problems: string[] = [];
    readDirectory(parties, join(folder, 'none.csv'), problems);
    expect(problems).toEqual(['addresses.csv: filen saknas | the file is missing']);
  });
});
