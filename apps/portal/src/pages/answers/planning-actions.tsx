import { ABSENCE_REASONS, DECLINED_BY, PLAN_ITEMS, PLAN_PARTICIPANTS, PLAN_STATES } from '#libs/domain';
import { Choice, Field, LongField, Select, type Option } from '../layout/form-parts.tsx';
import {
  anybody,
  base,
  GroundField,
  groundsIn,
  missing,
  notOpenCare,
  openCare,
  valueOf,
  type AnswerAction,
} from './answer-action.tsx';
import { ABSENCES, PARTICIPANTS } from './answer-words.ts';
import { isVideoLink, sipText } from './sip.ts';

const PLAN_STATE_OPTIONS: readonly Option[] = [
  ['made', 'upprättad'],
  ['revised', 'ändrad'],
  ['closed', 'avslutad'],
];
const PLAN_ITEM_OPTIONS: readonly Option[] = [
  ['MEASURES', 'insatser som behövs'],
  ['RESPONSIBILITIES', 'vem som svarar för vad'],
  ['OTHERS', 'vad andra gör'],
  ['LEAD', 'vem som har det övergripande ansvaret'],
];

/** What a unit may do for a co-ordinated plan (LUS chapter 4; HSL 16:4, SoL 10:8). */
export const PLANNING_ACTIONS: readonly AnswerAction[] = [
  {
    group: 'sip',
    ...{ id: 'kallelse', title: 'Kalla till SIP', send: 'Sänd kallelsen' },
    ...{ done: 'Kallelsen är sänd.', isFor: openCare },
    Fields: ({ written, place }) => (
      <>
        <Field
          {...{ written, form: 'sip', name: 'tid', label: 'Dag och tid', type: 'datetime-local', required: true }}
        />
        <Select
          {...{ written, form: 'sip', name: 'kommun', label: 'Kommun eller stadsdelsnämnd', none: 'Ingen' }}
          options={place.municipal}
          hint="Bara den som har fått meddelande om vårdtillfället får kallelsen."
        />
        <Select
          {...{ written, form: 'sip', name: 'enhet', label: 'Annan enhet', none: 'Ingen', options: place.units }}
        />
        <Field {...{ written, form: 'sip', name: 'deltagare', label: 'Övriga deltagare' }} />
        <Field {...{ written, form: 'sip', name: 'plats', label: 'Plats' }} />
        <Field
          {...{ written, form: 'sip', name: 'lank', label: 'Videolänk', type: 'url', hint: 'Börjar med https://' }}
        />
        <LongField {...{ written, form: 'sip', name: 'text', label: 'Meddelande till de kallade' }} />
        <GroundField {...{ written, place, form: 'sip', required: true }} />
      </>
    ),
    read: (written, place) => {
      const [at, message, link] = [valueOf(written, 'tid'), valueOf(written, 'text'), valueOf(written, 'lank')];
      const invited = ['kommun', 'enhet'].flatMap((field) => valueOf(written, field) ?? []);
      if (at === undefined) return missing('Dag och tid');
      if (invited.length === 0) return missing('Kommun eller annan enhet');
      if (link !== undefined && !isVideoLink(link))
        return [{ code: 'lank', text: 'Videolänken ska börja med https://' }];
      const [participants, spot] = [valueOf(written, 'deltagare'), valueOf(written, 'plats')];
      const text = sipText({
        ...(participants !== undefined && { participants }),
        ...(spot !== undefined && { place: spot }),
        ...(link !== undefined && { link }),
        ...(message !== undefined && { message }),
      });
      return {
        ...{ ...base(place), code: 'SIP-CALL', invited, at },
        ...(text !== undefined && { text }),
        ...groundsIn(written),
      };
    },
  },
  {
    group: 'sip',
    ...{ id: 'foresla', title: 'Föreslå tid för SIP', send: 'Sänd förslaget' },
    ...{ done: 'Förslaget är sänt.', isFor: notOpenCare },
    Fields: ({ written, place }) => (
      <>
        <p>Det är den fasta vårdkontakten i regionens öppna vård som kallar (LUS 4 kap. 3 §).</p>
        <Field
          {...{ written, form: 'forslag', name: 'tid', label: 'Dag och tid', type: 'datetime-local', required: true }}
        />
        <LongField {...{ written, form: 'forslag', name: 'text', label: 'Meddelande' }} />
        <GroundField {...{ written, place, form: 'forslag' }} />
      </>
    ),
    read: (written, place) => {
      const [at, text] = [valueOf(written, 'tid'), valueOf(written, 'text')];
      if (at === undefined) return missing('Dag och tid');
      return {
        ...{ ...base(place), code: 'SIP-PROPOSE', at, ...(text !== undefined && { text }) },
        ...groundsIn(written),
      };
    },
  },
  {
    group: 'sip',
    ...{ id: 'avboj', title: 'Avböj SIP', send: 'Sänd' },
    ...{ done: 'Det är meddelat.', isFor: anybody },
    Fields: ({ written, place }) => (
      <>
        <Choice
          {...{ written, form: 'avboj', name: 'vem', type: 'radio', required: true, label: 'Ingen SIP, eftersom' }}
          options={[
            ['PERSON', 'den enskilde inte vill'],
            ['PARTY', 'vi inte ser något behov'],
          ]}
        />
        <LongField {...{ written, form: 'avboj', name: 'text', label: 'Meddelande' }} />
        <GroundField {...{ written, place, form: 'avboj' }} />
      </>
    ),
    read: (written, place) => {
      const by = DECLINED_BY.find((one) => one === written['vem']);
      const text = valueOf(written, 'text');
      if (by === undefined) return missing('Vem som inte vill');
      return {
        ...{ ...base(place), code: 'SIP-DECLINED', by, ...(text !== undefined && { text }) },
        ...groundsIn(written),
      };
    },
  },
  {
    group: 'sip',
    ...{ id: 'plan', title: 'Skriv in SIP: vad den har och vilka som deltog', send: 'Spara och meddela' },
    ...{ done: 'Planen är meddelad.', isFor: anybody },
    Fields: ({ written, place }) => (
      <>
        <Select {...{ written, form: 'plan', name: 'lage', label: 'Planen är', options: PLAN_STATE_OPTIONS }} />
        <Choice
          {...{ written, form: 'plan', name: 'delar', type: 'checkbox', label: 'Det står i planen (SoL 10 kap. 8 §)' }}
          options={PLAN_ITEM_OPTIONS}
        />
        <Choice
          {...{ written, form: 'plan', name: 'deltog', type: 'checkbox', label: 'Deltog' }}
          options={Object.entries(PARTICIPANTS)}
        />
        <Select
          {...{ written, form: 'plan', name: 'franvaro', label: 'Om den enskilde inte deltog: varför' }}
          {...{ none: 'Deltog, eller inget skäl', options: Object.entries(ABSENCES) }}
        />
        <Choice
          {...{ written, form: 'plan', name: 'samtycke', type: 'radio', required: true }}
          label="Den enskilde samtycker till planen (LUS 4 kap. 2 §)"
          options={[
            ['ja', 'Ja'],
            ['nej', 'Nej'],
          ]}
        />
        <GroundField {...{ written, place, form: 'plan' }} />
      </>
    ),
    read: (written, place) => {
      const chosen = <T extends string>(all: readonly T[], field: string): T[] =>
        all.filter((one) => (written[field] ?? '').split(' ').includes(one));
      const absence = ABSENCE_REASONS.find((one) => one === written['franvaro']);
      const consent = written['samtycke'] === 'ja';
      return {
        ...{ ...base(place), code: 'SIP-PLAN', state: PLAN_STATES.find((one) => one === written['lage']) ?? 'made' },
        ...{ items: chosen(PLAN_ITEMS, 'delar'), tookPart: chosen(PLAN_PARTICIPANTS, 'deltog'), consent },
        ...(absence !== undefined && { absence }),
        ...groundsIn(written),
      };
    },
  },
];
