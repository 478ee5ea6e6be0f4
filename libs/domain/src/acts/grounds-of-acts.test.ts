import { describe, expect, it } from '@jest/globals';
import type { StayEvent } from '../events/stay-event.ts';
import {
  admission,
  consent,
  expecting,
  fact,
  history,
  inForce,
  message,
  need,
  PRIVATE_CLINIC,
  REGION_CLINIC,
  SOLNA,
  stated,
} from '../ward.fixture.ts';

describe('more than the lawful items needs a ground', () => {
  const leaves = (facts: StayEvent['facts'] = []): StayEvent =>
    message('A03', {
      sent: '09 11:30',
      encounter: { end: stated('09 11:00') },
      facts: [fact('INFO', 'Behöver hjälp på morgonen', '09 11:00', { scopes: ['SOC'] }), ...facts],
    });
  const told = (...facts: StayEvent['facts']): string[] => {
    const events = [admission({ facts: [need('SOC', '04 08:15'), ...facts] }), leaves()];
    return inForce(events).filter((line) => !line.includes(' INS '));
  };

  it('tells UTS and INFO with consent', () => {
    expect(told(consent('Y', '04 08:20'))).toEqual([
      `${SOLNA} UTS 2026-05-09T11:00+02:00`,
      `${SOLNA} INFO Behöver hjälp på morgonen`,
    ]);
  });

  it('withholds without one and asks the ward; withholds in silence when it is refused', () => {
    expect(told()).toEqual([]);
    const withheld = history([admission(), leaves()]);
    expect(withheld.withheld.map((one) => one.because)).toEqual(['not-stated', 'not-stated']);
    expect(withheld.duties.map((duty) => `${duty.code} ${duty.occasion}`)).toEqual([
      'STATE-GROUND UTS',
      'STATE-GROUND INFO',
    ]);
    const refused = history([admission({ facts: [need('SOC', '04 08:15'), consent('N', '04 08:15')] }), leaves()]);
    expect(refused.withheld.map((one) => one.because)).toEqual(['refused', 'refused']);
    expect(refused.duties).toEqual([]);
  });

  it.each([
    ['CANNOT_CONSENT', 'region-authority', SOLNA, true],
    ['CHILD_OR_ABUSE_OR_COMPULSORY', 'region-authority', SOLNA, true],
    ['CANNOT_CONSENT', 'private', SOLNA, false],
    ['CHILD_OR_ABUSE_OR_COMPULSORY', 'private', SOLNA, false],
    ['PRIVATE_PROVIDER', 'private', SOLNA, true],
    ['PRIVATE_PROVIDER', 'region-authority', SOLNA, false],
    ['LUS_2KAP', 'region-authority', SOLNA, false],
    ['SAME_REGION', 'region-authority', SOLNA, false],
    ['MENPROVNING', 'region-authority', PRIVATE_CLINIC, true],
    ['CHILD_OR_ABUSE_OR_COMPULSORY', 'region-authority', PRIVATE_CLINIC, false],
    ['CANNOT_CONSENT', 'region-authority', PRIVATE_CLINIC, true],
    ['LPT_7A', 'region-authority', PRIVATE_CLINIC, false],
  ] as const)('%s from %s to %s: %s', (basis, legalForm, recipient, holds) => {
    const values = recipient === SOLNA ? 'SOC' : 'ROV';
    const events = [
      admission({
        terms: { legalForm },
        patient: { listedClinic: PRIVATE_CLINIC },
        facts: [need(values, '04 08:15'), fact('BASIS', basis, '04 08:15'), fact('READY', 'Y', '04 08:20')],
      }),
    ];
    expect(
      history(events)
        .acts.filter((act) => act.kind === 'UTK')
        .map((act) => act.ground),
    ).toEqual(holds ? [basis] : []);
  });

  it.each([
    [{ judgedBy: 'SE2321000016-1X1' }, ', bedömd av SE2321000016-1X1'],
    [{}, ', vem som har bedömt det är inte angivet'],
  ])('has in its trace who judged that the person cannot consent, or that nobody is named: %j', (more, said) => {
    const basis = fact('BASIS', 'CANNOT_CONSENT', '04 08:15', more);
    const facts = [need('SOC', '04 08:15'), basis, fact('READY', 'Y', '04 08:20')];
    const utk = history([admission({ facts })]).acts.find((act) => act.kind === 'UTK');
    expect(utk?.trace.at(-1)?.text).toBe(
      `Grund: Kan inte samtycka (OSL 25 kap. 13 §), gäller från 2026-05-04 08:15${said}.`,
    );
  });

  it('needs no statement between parts of the region, and names consent first where it is given', () => {
    const ready = (...facts: StayEvent['facts']): string[] =>
      history([admission({ facts: [need('ROV', '04 08:15'), fact('READY', 'Y', '04 08:20'), ...facts] })])
        .acts.filter((act) => act.kind === 'UTK')
        .map((act) => act.ground);
    expect(ready()).toEqual(['SAME_REGION']);
    expect(ready(consent('Y', '04 08:15'))).toEqual(['CONSENT']);
    expect(ready(consent('N', '04 08:15'))).toEqual(['SAME_REGION']);
  });

  it('keeps what was said when consent is withdrawn, and says nothing more that rested on it', () => {
    const consented = admission({ facts: [need('SOC', '04 08:15'), consent('Y', '04 08:15')] });
    const ready = message('A08', { sent: '07 10:00', facts: [fact('READY', 'Y', '07 10:00')] });
    const withdrawn = message('A08', {
      sent: '08 10:00',
      facts: [consent('N', '08 10:00')],
      encounter: expecting('12'),
    });
    expect(inForce([consented, ready, withdrawn, leaves()])).toEqual([
      `${SOLNA} INS 2026-05-10 SOC`,
      `${SOLNA} UTK 2026-05-07T08:00:00.000Z`,
      `${SOLNA} BUT 2026-05-12`,
    ]);
  });

  it('gives INFO without a scope to the open care alone', () => {
    const both = admission({ facts: [need(['SOC', 'ROV'], '04 08:15'), consent('Y', '04 08:15')] });
    const info = message('A08', { sent: '05 10:00', facts: [fact('INFO', 'till vårdcentralen', '05 10:00')] });
    expect(inForce([both, info]).filter((line) => line.includes('INFO'))).toEqual([
      `${REGION_CLINIC} INFO till vårdcentralen`,
    ]);
  });
});
