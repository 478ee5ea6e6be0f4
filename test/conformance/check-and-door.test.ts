import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { examine, PLAIN } from '../../apps/ingress/src/door.ts';
import { checkMessage } from '../../apps/translator/src/check/check-message.ts';
import { adt } from '../../apps/translator/test/adt.ts';
import { loadCounty } from '#libs/county';
import { localDate } from '#libs/domain';
import { entryOf, readConfiguration, rulesInForce } from '#libs/platform';

const county = loadCounty(join(import.meta.dirname, '../../deploy/county'));
const parameters = rulesInForce(readConfiguration({}, { embedded: true }).rules);
const NOW = Date.parse('2026-05-10T14:31:00+02:00');

/** `AA`, or `AR` with code and place, as the front door decides and as a check tells. */
function answers(fields: Readonly<Record<number, string>>): { door: string; check: string } {
  const bytes = Buffer.from(adt({ msh: fields }));
  const examined = examine(bytes, county, localDate(NOW), PLAIN);
  const refusal = examined.kind === 'refused' ? examined.fault : undefined;
  const { answer, faults } = checkMessage({ bytes, kind: 'hl7v2' }, { county, parameters, now: () => NOW });
  const [told] = faults;
  return {
    door: refusal ? `${entryOf(refusal).ack} ${refusal.code} ${refusal.place ?? ''}` : 'AA',
    check: answer === 'AA' ? 'AA' : `${answer} ${told?.code ?? ''} ${told?.place ?? ''}`,
  };
}

const REFUSED = 'AR BRY-1006 MSH-12';

describe('a check answers as the front door does', () => {
  it.each([
    ...['', '2.1', '2.2', '2.3', '2.3.1', '2.4', '2.5', '2.5.1', '2.6', '2.7', '2.7.1', '2.8', '2.8.2', '2.9', ' 2.5 ']
      .concat(['2.5^SWE', '2.5.1^SWE^1.0', '2.4.3.52854', '2.5~2.6', '""'])
      .map((version) => [version, 'AA']),
    ...['V2.5', 'v2.5.1', '2', '2.', '2.0', '2.10', '3.0', '2,5', '2.5 .1', '2.5b', 'HL7 2.5', '251']
      .concat(['2.5.', '.5', '1.0'])
      .map((version) => [version, REFUSED]),
  ])('to a version `%s`', (version, answer) => {
    expect(answers({ 12: version })).toEqual({ door: answer, check: answer });
  });

  it('to whatever else stands in the header, and with the same first fault', () => {
    const headers = fc.record({
      4: fc.constantFrom('KS', 'DS', 'ZZ', ''),
      9: fc.constantFrom('ADT^A01', 'ADT', '', 'ORU^R01', 'ADT^A99', 'adt^a01^ADT_A01', 'ADT_A01', '^A01'),
      10: fc.constantFrom('C-1', '', ' '),
      11: fc.constantFrom('P', 'T', '', 'p', 'P^T', 'X'),
      12: fc.constantFrom('2.5', 'V2.5', ''),
    });
    fc.assert(
      fc.property(headers, (fields) => {
        const { door, check } = answers(fields);
        expect(check).toBe(door);
      }),
      { numRuns: 300 },
    );
  });
});
