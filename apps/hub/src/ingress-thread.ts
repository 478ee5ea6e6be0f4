import type { Instant } from '#libs/domain';
import { PlainStage, type AppParts } from '#libs/service';
import { HubThread } from './hub-thread.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

/** What the thread of the front door is asked. */
export type IngressQuestions = {
  readonly start: { readonly argument: undefined; readonly answer: Address & { readonly open: boolean } };
  readonly stop: { readonly argument: undefined; readonly answer: undefined };
  readonly hold: { readonly argument: undefined; readonly answer: undefined };
  readonly release: { readonly argument: undefined; readonly answer: undefined };
  /** Where the driven clock stood before, if it was moved; answers whether the beat is stored. */
  readonly beat: { readonly argument: Instant | undefined; readonly answer: boolean };
};

/**
 * The ingress as a stage of the hub, in a thread of its own: senders wait for their answers, and while one thread does all,
 * for whatever else it does just then. To the hub it is the stage that it is alone.
 */
export class IngressThread extends PlainStage<HubThread<IngressQuestions>> {
  readonly #thread: HubThread<IngressQuestions>;
  #address: Address;

  constructor(parts: AppParts) {
    super('ingress', parts.log);
    this.#address = parts.configuration.mllp;
    this.#thread = new HubThread('ingress-worker', parts);
  }

  /** Where senders connect. */
  get address(): Address {
    return this.#address;
  }

  /** As the ingress's own. */
  async hold(): Promise<void> {
    await this.#thread.ask('hold', undefined);
  }

  /** As the ingress's own. */
  release(): void {
    void this.#thread.ask('release', undefined);
  }

  /** As the ingress's own. */
  beat(steppedFrom?: Instant): Promise<boolean> {
    return this.#thread.ask('beat', steppedFrom);
  }

  /** Ends the thread, in a few seconds at most. */
  end(): Promise<void> {
    return this.#thread.end();
  }

  protected async openParts(): Promise<HubThread<IngressQuestions>> {
    const { open, host, port } = await this.#thread.ask('start', undefined);
    this.#address = { host, port };
    if (open) return this.#thread;
    await this.#thread.ask('stop', undefined);
    throw new Error('the ingress did not open');
  }

  protected async closeParts(): Promise<void> {
    await this.#thread.ask('stop', undefined);
  }
}
