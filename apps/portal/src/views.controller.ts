import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BatchPattern, type TransactionContext } from '#libs/hosting';
import type { InRecord } from '#libs/messaging';
import type { hubView } from './hub-view/hub-view.ts';
import type { partyView } from './party-view/party-view.ts';

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
