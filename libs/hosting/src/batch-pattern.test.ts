import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, type INestApplication } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { topicNames, type InRecord } from '#libs/messaging';
import { silentLog } from '#libs/platform';
import { BatchPattern, handled, topicsOf, type PublishContext } from './batch-pattern.ts';
import { connectStages } from './service.ts';
import { HandlingStage } from './stage.ts';

const ONE = Symbol('one');
const OTHER = Symbol('other');
const CONTEXT: PublishContext = { publish: () => Promise.resolve() };

class Deadlock extends Error {
  readonly code = '40P01';
}

const seen: unknown[] = [];

@Controller()
class Readers {
  @BatchPattern('events', ONE)
  one(@Payload() records: InRecord[], @Ctx() context: PublishContext): void {
    seen.push(['one', records, context]);
  }

  @BatchPattern('events', OTHER)
  async other(): Promise<void> {
    await Promise.resolve();
    throw new Deadlock('deadlock detected');
  }
}

/** A stage that reads nothing by itself. */
class Idle extends HandlingStage<object> {
  constructor(name: string, stage: symbol) {
    super(name, stage, silentLog);
  }
  protected openParts(): Promise<object> {
    return Promise.resolve({});
  }
  protected closeParts(): Promise<void> {
    return Promise.resolve();
  }
  async handle(records: InRecord[]): Promise<void> {
    const handler = this.getHandlers().get('events');
    if (!handler) throw new Error('no handler');
    await handled(handler, records, CONTEXT);
  }
}

describe('a handler of batches', () => {
  const one = new Idle('one', ONE);
  const other = new Idle('other', OTHER);
  let app: INestApplication;
  beforeEach(async () => {
    app = await connectStages({ module: class {}, controllers: [Readers] }, [one, other]);
    await app.startAllMicroservices();
  });
  afterEach(() => app.close());

  it('is found by its topic and its stage, and gets the records and the context as they are', async () => {
    const records: InRecord[] = [];
    await one.handle(records);
    expect(seen).toEqual([['one', records, CONTEXT]]);
  });

  it('hands its error to the transport as it is: poison must be told from a deadlock', async () => {
    await expect(other.handle([])).rejects.toBeInstanceOf(Deadlock);
  });

  it('belongs to a stage that lives with the application', async () => {
    expect(one.isReady()).toBe(true);
    await app.close();
    expect(one.isReady()).toBe(false);
  });
});

describe('the topics of a pattern', () => {
  it('are those of contract 2 under the installation’s prefix, of every party where there is an asterisk', () => {
    const names = topicNames('test.');
    expect(topicsOf('events', names, ['0184'])).toEqual(['test.events']);
    expect(topicsOf('deliveries.*', names, ['0184', '0186'])).toEqual(['test.deliveries.0184', 'test.deliveries.0186']);
    expect(topicsOf('deviations.*', names, [])).toEqual([]);
  });
});
