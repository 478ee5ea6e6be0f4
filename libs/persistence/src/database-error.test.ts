import { describe, expect, it } from '@jest/globals';
import { isDataError, isDatabaseTrouble, isTransient } from './index.ts';

const databaseError = (code: string): Error => Object.assign(new Error('from the server'), { code, severity: 'ERROR' });
const networkError = (code: string): Error => Object.assign(new Error('connect'), { code });

describe('what an error says', () => {
  it.each([
    // error, worth repeating at once, the data's fault, the database's trouble
    ['deadlock', databaseError('40P01'), true, false, true],
    ['serialisation failure', databaseError('40001'), true, false, true],
    ['lock timeout', databaseError('55P03'), true, false, true],
    ['unique violation', databaseError('23505'), false, true, false],
    ['zero byte in a text', databaseError('22021'), false, true, false],
    ['backend ended', databaseError('57P01'), false, false, true],
    ['no such table', databaseError('42P01'), false, false, true],
    ['refused connection', networkError('ECONNREFUSED'), false, false, true],
    ['connection gone', new Error('Connection terminated unexpectedly'), false, false, true],
    ['no answer', new Error('Query read timeout'), false, false, true],
    ['a bug', new TypeError('x is not a function'), false, false, false],
    ['a coded error of ours', networkError('BRY-0001'), false, false, false],
    ['no error at all', 'text', false, false, false],
  ])('%s', (_, error, transient, data, trouble) => {
    expect([isTransient(error), isDataError(error), isDatabaseTrouble(error)]).toEqual([transient, data, trouble]);
  });
});
