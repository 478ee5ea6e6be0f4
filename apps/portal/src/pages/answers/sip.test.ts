import { describe, expect, it } from '@jest/globals';
import { isVideoLink, sipCalendar, sipDetails, sipText } from './sip.ts';

const AT = Date.parse('2026-05-07T10:00:00+02:00');

describe('a call to a plan', () => {
  it.each([
    [{}, undefined],
    [{ place: 'Storgatan 1' }, 'Plats: Storgatan 1'],
    [{ participants: 'Dotter', link: 'https://video.example/a', message: 'Välkomna.\nTa med tid.' }, undefined],
  ])('is read as it was written: %j', (details, expected) => {
    const text = sipText(details);
    if (expected !== undefined) expect(text).toBe(expected);
    if (text !== undefined) expect(sipDetails(text)).toEqual(details);
  });

  it.each([
    ['https://video.example/sip?x=1', true],
    ['http://video.example/', false],
    ['javascript:alert(1)', false],
    ['https://a b', false],
    ['https://x"onclick="y', false],
  ])('links to %s: %s', (text, expected) => expect(isVideoLink(text)).toBe(expected));

  it('is in a calendar as a line that any program reads, whatever a place is called', () => {
    const file = sipCalendar('id', AT, { place: `Å;b,c\nBEGIN:VALARM${'å'.repeat(80)}` }, AT);
    const lines = file.split('\r\n');
    expect(lines.every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    expect(lines).toContain('DTSTART:20260507T080000Z');
    expect(lines.filter((line) => line.startsWith('BEGIN:'))).toEqual(['BEGIN:VCALENDAR', 'BEGIN:VEVENT']);
    expect(file.replaceAll('\r\n ', '')).toContain('LOCATION:Å\\;b\\,c\\nBEGIN:VALARM');
  });
});
