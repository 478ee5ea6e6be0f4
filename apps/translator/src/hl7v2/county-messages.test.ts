import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_TRIGGERS } from '#libs/county';
import { translatedOf } from '../../test/reading.ts';

/** The demonstration county has a message of every trigger, to be sent by hand. */
const FOLDER = join(import.meta.dirname, '../../../../deploy/county/messages');

describe('the messages of the demonstration county', () => {
  it('are one of every trigger that is taken', () => {
    const names = readdirSync(FOLDER).filter((name) => name.endsWith('.hl7'));
    expect(names.sort()).toEqual(Object.keys(DEFAULT_TRIGGERS).map((trigger) => `${trigger}.hl7`));
  });

  it.each(Object.entries(DEFAULT_TRIGGERS))(
    '%s does what its line says, with nothing wrong in it',
    (trigger, { course }) => {
      const { event } = translatedOf(readFileSync(join(FOLDER, `${trigger}.hl7`)));
      const does =
        'stayId' in event
          ? event.course
          : { described: 'describe-person', merged: 'merge-persons' }[event.says.kind as 'described' | 'merged'];
      expect([event.trigger, does, event.findings]).toEqual([trigger, course, []]);
    },
  );
});
