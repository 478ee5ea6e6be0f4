import type { County } from '#libs/county';
import { answerCodeOf, type Instant } from '#libs/domain';
import { isUnreadable, readPartyEventBundle, writeOutcome } from '#libs/fhir';
import { type OpenParts, type TransactionalParts, TransactionalStage } from '#libs/hosting';
import { type Beside } from '#libs/service';
import { type GarbledRecord, GroupCommitProducer, type InRecord, isGarbled, type OutRecord } from '#libs/messaging';
import {
  childTrace,
  type Configuration,
  entryOf,
  type Fault,
  type IdMaker,
  type Log,
  rulesInForce,
} from '#libs/platform';
import { StayCache } from '#libs/stays';
import type { RoutingRules } from './routing-rules.ts';
import type { StayCase } from './deciding/stay-case.ts';
import { ROUTER_MIGRATIONS, ROUTER_SCHEMA } from './router-schema.ts';
import { ReroutedStays } from './rounds/reroute-stays.ts';
import { unsaidStays } from './rounds/unsaid-stays.ts';

/** The stage of `@BatchPattern(topic, ROUTER)`. */
export const ROUTER = Symbol('router');

/** What the router is given, by its main or by the hub. The topics of all parties of the county are there already. */
export interface RouterParts extends TransactionalParts {
  readonly configuration: Pick<Configuration, 'database' | 'kafka' | 'replica' | 'rules' | 'stays'>;
  readonly county: County;
  readonly ids: IdMaker;
}

/**
 * The router (architecture 1) as a stage; what it does with events is in `router.controller.ts`. A record of `events` that it
 * cannot apply is told on `rejected` besides, so that the watcher knows whose absences to hold.
 */
export class RouterStage extends TransactionalStage {
  readonly rules: RoutingRules;
  readonly cache: StayCache<StayCase>;
  readonly #log: Log;
  readonly #parts: RouterParts;
  #rerouted: ReroutedStays | undefined;

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
    this.cache = new StayCache(configuration.stays.bytesInMemory);
    this.#log = parts.log;
    this.#parts = parts;
  }

  protected override openBeside({ pool, kick }: OpenParts): Beside {
    const [{ rules }, log, clock] = [this, this.#log, this.#parts.clock];
    const unsaid = unsaidStays({ pool, kick, group: this.group, rules, log });
    const producer = new GroupCommitProducer(this.#parts);
    const rerouted = new ReroutedStays({ pool, rules, producer, clock, log });
    this.#rerouted = rerouted;
    return { stop: () => Promise.all([unsaid.stop(), rerouted.stop()]).then(() => undefined) };
  }

  /**
   * Lets what has changed in the directory by now reach the open stays, without waiting for the next look.
   * @returns of how many stays others are told
   */
  rerouteStays(): Promise<number> {
    return this.isOpen() ? (this.#rerouted?.catchUp() ?? Promise.resolve(0)) : Promise.resolve(0);
  }

  /** The next instant in (after, upTo] at which another directory may reach the open stays. */
  nextChange(after: Instant, upTo: Instant): Instant | undefined {
    return this.rules.county.directory.changes.find((at) => at > after && at <= upTo);
  }
}

/**
 * The record on `rejected` for a record of `events` that the router could not apply (architecture 2.9): where it lies
 * and what is wrong with it. Its key is the event's, so that the watcher knows whose absences to hold. Of a party's word it says
 * whose it is, and of which notice, so that the party finds it.
 */
function poisonRecord(
  record: InRecord | GarbledRecord,
  wrong: Fault,
  { topic, ids, now }: { readonly topic: string; readonly ids: IdMaker; readonly now: number },
): OutRecord {
  const { code, issue, severity, text } = entryOf(wrong);
  const { place } = wrong;
  const { partition, offset } = record;
  const where = ids.other('garbled', record.topic, `${partition}`, `${offset}`);
  const id = isGarbled(record) ? where : record.id;
  const rejectionId = ids.rejection(id, 0);
  const outcome = writeOutcome(
    { code, issueCode: issue, severity, text, ...(place !== undefined && { place }) },
    rejectionId,
  );
  return {
    topic,
    key: record.key ?? rejectionId,
    id: rejectionId,
    kind: 'rejected',
    schemaVersion: 1,
    traceparent: childTrace(record.headers['traceparent']),
    value: JSON.stringify({
      outcome,
      inbound: { id, topic: record.topic, partition, offset: `${offset}` },
      ...(!isGarbled(record) && record.kind === 'party-event' && speakerOf(record)),
      receivedAt: new Date(now).toISOString(),
    }),
  };
}

/** Who said a word, what it is, and the Communication that it names; nothing of a word that cannot be read. */
function speakerOf({ value }: InRecord): { sender?: string; trigger?: string; controlId?: string } {
  let event: ReturnType<typeof readPartyEventBundle>;
  try {
    event = readPartyEventBundle(JSON.parse(value.toString('utf8')));
  } catch {
    return {};
  }
  if (isUnreadable(event)) return {};
  const { about, party, says } = event;
  return { sender: party, trigger: answerCodeOf(says), ...(about !== undefined && { controlId: about }) };
}
