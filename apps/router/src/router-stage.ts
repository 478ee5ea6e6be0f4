import type { County } from '#libs/county';
import { TransactionalStage, type Beside, type OpenParts, type TransactionalParts } from '#libs/hosting';
import { rulesInForce, type Configuration, type IdMaker, type Log } from '#libs/platform';
import { poisonRecord } from './saying/poison-record.ts';
import { ROUTER_MIGRATIONS, ROUTER_SCHEMA } from './router-schema.ts';
import type { RoutingRules } from './deciding/routing-rules.ts';
import { UnsaidStays } from './said-stays/unsaid-stays.ts';

/** The stage of `@BatchPattern(topic, ROUTER)`. */
export const ROUTER = Symbol('router');

/** What the router is given, by its main or by the hub. The topics of all parties of the county are there already. */
export interface RouterParts extends TransactionalParts {
  readonly configuration: Pick<Configuration, 'database' | 'kafka' | 'replica' | 'rules'>;
  readonly county: County;
  readonly ids: IdMaker;
}

/**
 * The router (architecture 1) as a stage; what it does with events is in `router.controller.ts`. A record of `events` that it
 * cannot apply is told on `rejected` besides, so that the watcher knows whose absences to hold.
 */
export class RouterStage extends TransactionalStage {
  readonly rules: RoutingRules;
  readonly #log: Log;

  constructor(parts: RouterParts) {
    const { configuration, clock, county, ids, topics } = parts;
    super(parts, {
      ...{ name: 'router', stage: ROUTER, group: 'router', schema: ROUTER_SCHEMA, migrations: ROUTER_MIGRATIONS },
      ...{ speaks: true, transactionsAtOnce: 4 },
      onPoison: (record, wrong, context) => {
        const rejected = poisonRecord(record, wrong, { topic: topics.rejected, ids, now: clock.now() });
        context.say([rejected], record);
        return { rejection: rejected.id };
      },
    });
    this.rules = { ids, county, topics, parameters: rulesInForce(configuration.rules), now: () => clock.now() };
    this.#log = parts.log;
  }

  protected override openBeside({ pool, kick }: OpenParts): Beside {
    return new UnsaidStays({ pool, kick, group: this.group, rules: this.rules, log: this.#log });
  }
}
