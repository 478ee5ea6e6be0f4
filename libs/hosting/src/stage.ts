import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import type { Log } from '#libs/platform';
import { PlainStage, type Stage } from '#libs/service';

/** A stage as a transport of Nest: `listen` starts it, `close` stops it, and in between the operator may do either. */
class StageTransport extends Server implements CustomTransportStrategy {
  readonly #stage: Stage;

  /** @param id the symbol by which controllers name the stage; one of its own where nobody handles batches of it */
  constructor(stage: Stage, id = Symbol(stage.name)) {
    super();
    this.#stage = stage;
    this.transportId = id;
  }

  /** Nest's word for start. */
  listen(callback: (error?: unknown) => void): void {
    this.#stage.start().then(() => callback(), callback);
  }

  /** Nest's word for stop. */
  close(): Promise<void> {
    return this.#stage.stop();
  }

  /** Nest asks for it; a stage says what happens to it in the log. */
  on(): never {
    throw new Error('a stage has no events to listen to');
  }

  /** Nest asks for it; what a stage works with is its own. */
  unwrap(): never {
    throw new Error('a stage is not unwrapped');
  }
}

/** A stage whose records are handled by controllers, which Nest gives to its transport. */
export abstract class HandlingStage<Opened> extends PlainStage<Opened> {
  readonly transport: CustomTransportStrategy & Pick<Server, 'getHandlers'>;

  /** @param id the symbol by which controllers name it */
  constructor(name: string, id: symbol, log: Log) {
    super(name, log);
    this.transport = new StageTransport(this, id);
  }

  /** By pattern. */
  protected getHandlers(): ReturnType<Server['getHandlers']> {
    return this.transport.getHandlers();
  }
}

/** What Nest connects of a stage (`connectStages`): it gives it the handlers of the controllers. */
export function transportsOf(stage: Stage): CustomTransportStrategy[] {
  if (stage.parts) return stage.parts.flatMap(transportsOf);
  return [stage instanceof HandlingStage ? stage.transport : new StageTransport(stage)];
}
