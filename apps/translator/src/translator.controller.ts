import { Controller, type DynamicModule, Inject, Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { type County, FilePersonRegister, type PersonRegister } from '#libs/county';
import { BatchPattern, type PublishContext, type StatelessParts, StatelessStage } from '#libs/hosting';
import type { InRecord, OutRecord } from '#libs/messaging';
import type { IdMaker } from '#libs/platform';
import { answerRecord, intakeOf, rejectedRecord } from './records.ts';
import { type TranslatedRecord, translateRecords } from './translate-record.ts';
import type { Translation } from './translation.ts';

/** The stage of `@BatchPattern(topic, TRANSLATOR)`. */
const TRANSLATOR = Symbol('translator');

/** The consumer group, without the topic prefix: the watermark reads its committed offsets (architecture 7). */
const TRANSLATOR_GROUP = 'translator';

interface TranslatorParts extends StatelessParts {
  readonly county: Pick<County, 'agreement' | 'directory' | 'testPersons'>;
  readonly ids: IdMaker;
}

/** The translator (architecture 1) as a stage; what it does with messages is in {@link TranslatorController}. */
export class TranslatorStage extends StatelessStage {
  constructor(parts: TranslatorParts) {
    const { ids, topics } = parts;
    super(parts, {
      ...{ name: 'translator', stage: TRANSLATOR, group: TRANSLATOR_GROUP },
      rejection: (record, wrong) => rejectedRecord([wrong], record, intakeOf(record), topics.rejected, ids),
    });
  }
}

const TRANSLATOR_PARTS = Symbol('what the translator translates with');

/**
 * `inbound` -> `events` and `rejected` (architecture 1). One message in gives records out, always, with the same ids each time.
 */
@Controller()
export class TranslatorController {
  readonly #parts: TranslatorParts;
  readonly #register: PersonRegister;
  readonly #events;
  readonly #findings;
  readonly #rejected;
  readonly #answers;

  constructor(@Inject(TRANSLATOR_PARTS) parts: TranslatorParts) {
    const { metrics } = parts;
    this.#parts = parts;
    this.#register = new FilePersonRegister(parts.county);
    this.#events = metrics.counter('translator_events_total', 'Messages that became events', ['sender', 'trigger']);
    this.#findings = metrics.counter('translator_findings_total', 'What was not right in messages that were taken', [
      'sender',
      'grade',
      'code',
    ]);
    this.#answers = metrics.counter('translator_answers_total', 'Answers of parties', ['party', 'kind']);
    this.#rejected = metrics.counter('translator_rejected_total', 'Faults of rejected messages', ['code']);
  }

  @BatchPattern('inbound', TRANSLATOR)
  async translate(@Payload() inbound: InRecord[], @Ctx() context: PublishContext): Promise<void> {
    const translated = await translateRecords(inbound, this.#parts, this.#register);
    await context.publish(translated.flatMap((one, at) => this.#published(one, inbound[at])));
  }

  #published({ translation, records }: TranslatedRecord, inbound: InRecord | undefined): readonly OutRecord[] {
    if (inbound === undefined) return records;
    this.#count(translation);
    const faults = translation.kind === 'rejection' ? translation.faults : [];
    const { ids, topics } = this.#parts;
    return [...records, ...[answerRecord(inbound, faults, topics.answers, ids) ?? []].flat()];
  }

  #count(translation: Translation): void {
    if (translation.kind === 'rejection') {
      for (const { code } of translation.faults) this.#rejected.inc({ code });
      return;
    }
    if (translation.kind === 'party-events') {
      for (const { party, says } of translation.events) this.#answers.inc({ party, kind: says.kind });
      return;
    }
    if (translation.kind === 'operator-events' || translation.kind === 'case-events') return;
    for (const { event } of translation.events) {
      const { trigger, findings } = event;
      const sender = 'saidBy' in event ? event.saidBy : event.sender;
      this.#events.inc({ sender, trigger });
      for (const { grade, code } of findings) this.#findings.inc({ sender, grade, code });
    }
  }
}

/** What the translator does with messages. The stage itself is started and stopped by who made it. */
@Module({})
export class TranslatorModule {
  static register(parts: TranslatorParts): DynamicModule {
    return {
      module: TranslatorModule,
      controllers: [TranslatorController],
      providers: [{ provide: TRANSLATOR_PARTS, useValue: parts }],
    };
  }
}
