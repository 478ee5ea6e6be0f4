import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { County } from '#libs/county';
import {
  BatchPattern,
  type StatefulConsumer,
  type TransactionalParts,
  TransactionalStage,
  type TransactionContext,
} from '#libs/hosting';
import type { Reading, Stage } from '#libs/service';
import type { InRecord } from '#libs/messaging';
import type { Configuration, IdMaker } from '#libs/platform';
import type { hubView } from './hub-view/hub-view.ts';
import { measureOpenCounts } from './hub-view/open-counts.ts';
import { HUB_MIGRATIONS, HUB_SCHEMA } from './hub-view/schema.ts';
import type { partyView } from './party-view/party-view.ts';
import { PARTY_MIGRATIONS, PARTY_SCHEMA, PARTY_WRITER } from './party-view/schema.ts';

/** What the portal needs of its process; the hub gives the same to every app. */
export interface PortalParts extends TransactionalParts {
  readonly configuration: Pick<Configuration, 'database' | 'kafka' | 'replica' | 'openId'>;
  readonly ids: IdMaker;
  readonly county: County;
}

/** Many small transactions would cost more than the views are worth. */
const PACE = { transactionsAtOnce: 4, unhurried: true, connections: 1 } as const;

/** How each of the two views reads. */
export const PORTAL_CONSUMERS = {
  party: { name: 'portal', group: 'portal-party', schema: PARTY_SCHEMA, speaks: false },
  hub: { name: 'portal', group: 'portal-hub', schema: HUB_SCHEMA, speaks: false },
} as const satisfies Record<string, StatefulConsumer>;

/**
 * Fills the portal's two views: one consumer group, one schema and one database role each, so that what a party reads and
 * what senders and the operator see share no table. Reads (fhir-api) do not depend on it: a stopped stage only stops what is new
 * from being seen.
 */
export class PortalStage implements Stage {
  readonly name = 'portal';
  readonly party: TransactionalStage;
  readonly hub: TransactionalStage;
  readonly parts: readonly TransactionalStage[];

  constructor(parts: PortalParts) {
    this.party = new TransactionalStage(parts, {
      ...{ ...PORTAL_CONSUMERS.party, ...PACE, stage: PARTY_VIEW },
      ...{ migrations: PARTY_MIGRATIONS, role: PARTY_WRITER },
    });
    this.hub = new TransactionalStage(parts, {
      ...{ ...PORTAL_CONSUMERS.hub, ...PACE, stage: HUB_VIEW },
      migrations: HUB_MIGRATIONS,
    });
    this.parts = [this.party, this.hub];
    measureOpenCounts(parts.metrics, () => (this.hub.isOpen() ? this.hub.pool() : undefined));
  }

  /** Resolves when the views are being filled, or, while PostgreSQL is away, when the first try has failed. */
  async start(): Promise<void> {
    await Promise.all(this.parts.map((view) => view.start()));
  }

  async stop(): Promise<void> {
    await Promise.all(this.parts.map((view) => view.stop()));
  }

  /** True once both views have opened; they need not have been given their partitions yet. */
  isOpen(): boolean {
    return this.parts.every((view) => view.isOpen());
  }

  /** True while both views are being filled. */
  isReady(): boolean {
    return this.parts.every((view) => view.isReady());
  }

  /** Resolves when both groups were joined. For tests and probes. */
  async joined(): Promise<void> {
    await Promise.all(this.parts.map((view) => view.joined()));
  }

  async followParties(): Promise<void> {
    for (const view of this.parts) await view.followParties();
  }

  readings(): readonly Reading[] {
    return this.parts.flatMap((view) => view.readings());
  }
}

/** The stages of `@BatchPattern(topic, stage)`: the portal fills two views that share nothing. */
export const PARTY_VIEW = Symbol('party view');
export const HUB_VIEW = Symbol('hub view');

/** Fills what each party can read, from its own two topics and nothing else (architecture 5). */
@Controller()
export class PartyViewController {
  readonly #show: ReturnType<typeof partyView>;

  constructor(@Inject(PARTY_VIEW) show: ReturnType<typeof partyView>) {
    this.#show = show;
  }

  @BatchPattern('deliveries.*', PARTY_VIEW)
  deliveries(@Payload() records: InRecord[], @Ctx() { tx }: TransactionContext): Promise<void> {
    return this.#show(tx, records);
  }

  @BatchPattern('deviations.*', PARTY_VIEW)
  deviations(@Payload() records: InRecord[], @Ctx() { tx }: TransactionContext): Promise<void> {
    return this.#show(tx, records);
  }
}

/** Fills what senders and the operator can read. */
@Controller()
export class HubViewController {
  readonly #show: ReturnType<typeof hubView>;

  constructor(@Inject(HUB_VIEW) show: ReturnType<typeof hubView>) {
    this.#show = show;
  }

  @BatchPattern('stays', HUB_VIEW)
  stays(@Payload() records: InRecord[], @Ctx() { tx }: TransactionContext): Promise<void> {
    return this.#show(tx, records);
  }

  @BatchPattern('receipts', HUB_VIEW)
  receipts(@Payload() records: InRecord[], @Ctx() { tx }: TransactionContext): Promise<void> {
    return this.#show(tx, records);
  }

  @BatchPattern('tasks', HUB_VIEW)
  tasks(@Payload() records: InRecord[], @Ctx() { tx }: TransactionContext): Promise<void> {
    return this.#show(tx, records);
  }

  @BatchPattern('rejected', HUB_VIEW)
  rejected(@Payload() records: InRecord[], @Ctx() { tx }: TransactionContext): Promise<void> {
    return this.#show(tx, records);
  }

  @BatchPattern('deviations', HUB_VIEW)
  deviations(@Payload() records: InRecord[], @Ctx() { tx }: TransactionContext): Promise<void> {
    return this.#show(tx, records);
  }
}
