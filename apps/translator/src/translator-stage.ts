import { StatelessStage, type StatelessParts } from '#libs/hosting';
import type { County } from '#libs/county';
import type { IdMaker } from '#libs/platform';
import { intakeOf, rejectedRecord } from './records.ts';

/** The stage of `@BatchPattern(topic, TRANSLATOR)`. */
export const TRANSLATOR = Symbol('translator');

/** The consumer group, without the topic prefix: the watermark reads its committed offsets (architecture 7). */
const TRANSLATOR_GROUP = 'translator';

export interface TranslatorParts extends StatelessParts {
  readonly county: Pick<County, 'agreement' | 'directory' | 'testPersons'>;
  readonly ids: IdMaker;
}

/** The translator (architecture 1) as a stage; what it does with messages is in `translator.controller.ts`. */
export class TranslatorStage extends StatelessStage {
  constructor(parts: TranslatorParts) {
    const { ids, topics } = parts;
    super(parts, {
      ...{ name: 'translator', stage: TRANSLATOR, group: TRANSLATOR_GROUP },
      rejection: (record, wrong) => rejectedRecord([wrong], record, intakeOf(record), topics.rejected, ids),
    });
  }
}
