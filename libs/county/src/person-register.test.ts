import { describe, expect, it } from '@jest/globals';
import type { TestPerson } from './county.ts';
import { FilePersonRegister } from './person-register.ts';

const TOLVAN: TestPerson = {
  ...{ type: 'personnummer', value: '191212121212', family: 'Tolvansson', given: 'Tolvan', birthDate: '1912-12-12' },
  ...{ municipality: '0184', street: 'Exempelgatan 1', listedClinic: 'SE2321000016-2001', source: 'test' },
};
const register = (...persons: TestPerson[]) => new FilePersonRegister({ testPersons: () => persons });
const ask = (of: FilePersonRegister, value: string) => of.find({ type: 'personnummer', value });

describe('the register of a county’s test persons', () => {
  it('knows a person by the number that holds', async () => {
    expect(await ask(register(TOLVAN), '191212121212')).toMatchObject({
      family: 'Tolvansson',
      address: { municipality: '0184', street: 'Exempelgatan 1' },
      listedClinic: 'SE2321000016-2001',
    });
    expect(await ask(register(TOLVAN), '189001019802')).toBeUndefined();
  });

  it('answers for an old number with the one that replaced it', async () => {
    const person = { ...TOLVAN, formerly: ['991981000010'] };
    expect(await ask(register(person), '991981000010')).toMatchObject({
      identity: { type: 'personnummer', value: '191212121212' },
      formerly: ['991981000010'],
    });
  });

  it('of a protected person tells nothing of where the person is', async () => {
    const answer = await ask(register({ ...TOLVAN, protection: 'sekretessmarkering' }), '191212121212');
    expect(answer).toMatchObject({ family: 'Tolvansson', protection: 'sekretessmarkering' });
    expect(answer).not.toHaveProperty('address');
    expect(answer).not.toHaveProperty('listedClinic');
  });

  it('tells of a death', async () => {
    expect(await ask(register({ ...TOLVAN, died: '2026-05-01' }), '191212121212')).toMatchObject({
      died: '2026-05-01',
    });
  });
});
