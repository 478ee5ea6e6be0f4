import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { BatchPattern, type PublishContext } from '#libs/hosting';
import type { InRecord, OutRecord } from '#libs/messaging';
import { errorFields, fault, type FaultName } from '#libs/platform';
import { intakeOf, recordOf, type Intake } from './records.ts';
import { translate, type Translation } from './translate.ts';
import { TRANSLATOR, type TranslatorParts } from './translator-stage.ts';

export const TRANSLATOR_PARTS = Symbol('what the translator translates with');

/**
 * `inbound` -> `events` and `rejected` (architecture 1). One message in gives one record out, always, with the same id each time.
 */
@Controller()
export class TranslatorController {
  readonly #parts: TranslatorParts;
  readonly #events;
  readonly #findings;
  readonly #rejected;

  constructor(@Inject(TRANSLATOR_PARTS) parts: TranslatorParts) {
    const { metrics } = parts;
    this.#parts = parts;
    this.#events = metrics.counter('translator_events_total', 'Messages that became events', ['sender', 'trigger']);
    this.#findings = metrics.counter('translator_findings_total', 'What was not right in messages that were taken', [
      'sender',
      'grade',
      'code',
    ]);
    this.#rejected = metrics.counter('translator_rejected_total', 'Faults of rejected messages', ['code']);
  }

  @BatchPattern('inbound', TRANSLATOR)
  translate(@Payload() records: InRecord[], @Ctx() context: PublishContext): Promise<void> {
    return context.publish(records.map((record) => this.#translate(record)));
  }

  #translate(inbound: InRecord): OutRecord {
    const { ids, topics } = this.#parts;
    const intake = intakeOf(inbound);
    const translation = this.#translated(inbound, intake);
    this.#count(translation);
    return recordOf(translation, inbound, intake.intakeAt, topics, ids);
  }

  #count(translation: Translation): void {
    if (translation.kind === 'rejection') {
      for (const { code } of translation.faults) this.#rejected.inc({ code });
      return;
    }
    const { sender, trigger, findings } = translation.event;
    this.#events.inc({ sender, trigger });
    for (const { grade, code } of findings) this.#findings.inc({ sender, grade, code });
  }

  /** A bug of ours in one message is a rejection like any other: it stops nobody, and a replay mends it (architecture 2.9). */
  #translated(inbound: InRecord, intake: Intake): Translation {
    const sender = inbound.headers['sender'];
    if (inbound.kind !== 'hl7v2' || sender === undefined) return rejection('undecodable-record');
    try {
      return translate({ inboundId: inbound.id, sender, bytes: inbound.value, ...intake }, this.#parts);
    } catch (error) {
      this.#parts.log
        .withTrace(inbound.traceparent)
        .error('translator.failed', { id: inbound.id, ...errorFields(error) });
      return rejection('translation-bug');
    }
  }
}

function rejection(name: FaultName): Translation {
  return { kind: 'rejection', faults: [fault(name)], trigger: undefined, controlId: undefined };
}
