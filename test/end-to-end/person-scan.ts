import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { InRecord } from '#libs/messaging';
import { looksLikePersonNumber } from '#libs/platform';
import { PEOPLE } from '../../apps/simulator/src/county/people.ts';
import type { TestHub } from '../hub/test-hub.ts';

/** Numbers in every spelling that a message may have, names, and the street that all of them live in. */
const PERSONAL = [
  ...PEOPLE.flatMap(({ number }) => [
    number,
    `${number.slice(0, 8)}-${number.slice(8)}`,
    `${number.slice(2, 8)}-${number.slice(8)}`,
    `${number.slice(2, 8)}+${number.slice(8)}`,
  ]),
  ...PEOPLE.map(({ family }) => family),
  'Tolvan',
  'Exempelgatan',
];

/** @returns whether a text tells of a person of the tests: a number, a name, an address */
export function tellsOfAPerson(text: string): boolean {
  const folded = text.toLowerCase();
  const written = [folded, decoded(folded)];
  return (
    PERSONAL.some((one) => written.some((form) => form.includes(one.toLowerCase()))) || looksLikePersonNumber(text)
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Topics, keys and headers of records: what anyone sees who runs Kafka. */
export function marksOf(records: readonly InRecord[]): string[] {
  return records.flatMap(({ topic, key, headers }) => [topic, key, ...Object.entries(headers).flat()]);
}

/** The lines of a hub's log, of what it printed, and of its metrics. @throws when one of them is not what it is taken for */
export async function linesOf(hub: TestHub): Promise<string[]> {
  const metrics = await (await fetch(`${hub.http}/metrics`)).text();
  const [log = '', printed = ''] = ['hub.log', 'hub.out'].map((file) => readFileSync(join(hub.stateDir, file), 'utf8'));
  if (!/^# TYPE /m.test(metrics)) throw new Error('these are no metrics');
  if (!log.includes('operations.called')) throw new Error('this is no log of a hub');
  return [log, printed, metrics].flatMap((text) => text.split('\n'));
}
