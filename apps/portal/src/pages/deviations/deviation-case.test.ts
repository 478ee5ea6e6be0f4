import { describe, expect, it } from '@jest/globals';
import { type CallersCase, casesCsv } from './deviation-case.ts';

describe('the cases of a reviewer as CSV', () => {
  it('have the words of the table, a row each, and nothing of the stay, the unit or what people wrote', () => {
    const told: CallersCase = {
      ...{ id: 'case-1', version: 3, state: 'storsthlm', code: 'INS-01', name: 'Inskrivningsmeddelande saknas' },
      ...{ severity: 3, step: 1, month: '2026-05', careType: 'SOM', hospitalKind: 'region', municipalityKind: 'other' },
      ...{ stay: 'a-stay', party: 'a-unit', answer: { cause: 'other', action: 'none', text: '=1+1' } },
    };
    const little: CallersCase = { id: 'case-2', version: 1, state: 'new', code: 'TEK-03' };
    expect(casesCsv([told, little])).toBe(
      '\uFEFFmanad;kod;avvikelse;lage;allvar;steg;vardform;sjukhus;kommun\r\n' +
        '2026-05;INS-01;Inskrivningsmeddelande saknas;Hos Storsthlm;3 stor;1;Somatik;Regionens sjukhus;Annan kommun i länet\r\n' +
        ';TEK-03;;Ny;;;;;\r\n',
    );
  });
});
