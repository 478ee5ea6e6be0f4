import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { writeOutcome } from '../outcome.ts';
import { acknowledgementText, writeAcknowledgement, type Acknowledgement } from './acknowledgement.ts';

const ID = '00000051-0000-8000-8000-000000000001';
const text = fc.string({ unit: 'binary' });

/** Whole, as it is answered. */
function textOf(told: Acknowledgement): string {
  const written = acknowledgementText(told);
  if (typeof written === 'string') return written;
  return written.template.map((piece) => (typeof piece === 'string' ? piece : written.own[piece])).join('');
}

describe('an acknowledgement as text', () => {
  it('is the JSON of the Bundle, whatever its sender calls itself and its message', () => {
    fc.assert(
      fc.property(text, text, fc.integer({ min: 0, max: 4e12 }), (endpoint, messageId, at) => {
        const told = { of: { endpoint, messageId }, id: ID, at, code: 'ok' as const };
        expect(textOf(told)).toBe(JSON.stringify(writeAcknowledgement(told)));
      }),
    );
  });

  it.each(['ok', 'fatal-error', 'transient-error'] as const)('tells what there is to know (%s)', (code) => {
    const issue = { code: 'BRY-2053', issueCode: 'required', severity: 'error' as const, text: 'Saknas' };
    const of = { endpoint: 'urn:bryggan:sender:KS', messageId: 'm1' };
    const told = { of, id: ID, at: 0, code, outcome: writeOutcome(issue) };
    expect(acknowledgementText(told)).toBe(JSON.stringify(writeAcknowledgement(told)));
    expect(acknowledgementText(told)).toContain('BRY-2053');
  });
});
