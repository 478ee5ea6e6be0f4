import { join } from 'node:path';
import { parametersOn } from '#libs/domain';
import { topicNames } from '#libs/messaging';
import { loadCounty } from '#libs/county';
import { IdMaker } from '#libs/platform';
import type { RoutingRules } from '../src/deciding/routing-rules.ts';
import { MONDAY } from './stay-events.ts';

const COUNTY = loadCounty(join(import.meta.dirname, '../../../deploy/county'));

/** The demonstration county's rules with a secret and a clock of their own. */
export function testRules({
  now = () => MONDAY,
  prefix = '',
}: { now?: () => number; prefix?: string } = {}): RoutingRules {
  return {
    ids: new IdMaker(Buffer.from('a secret for the tests alone')),
    county: COUNTY,
    topics: topicNames(prefix),
    parameters: (date) => parametersOn(date),
    now,
  };
}
