import type { VNode } from 'preact';
import { RETURN_REASONS, type Ground, type Party, type ReturnReason } from '#libs/domain';
import type { ReplyForm } from '#libs/forms';
import type { FormFault } from '../hub-resources.ts';
import { Choice, Field, LongField, Select, type Option, type Written } from '../layout/form-parts.tsx';
import { RETURN_WORDS } from './answer-words.ts';
import { isVideoLink, sipText } from './sip.ts';

/** What a form of an answer is filled in with, and answers to. */
export interface AnswerPlace {
  readonly stay: string;
  /** The notice that most answers are about: the latest one in force. */
  readonly about: string;
  readonly party: Pick<Party, 'kind' | 'legalForms'>;
  /** Parties that may be proposed or called. */
  readonly municipal: readonly Option[];
  readonly units: readonly Option[];
  readonly grounds: readonly Option[];
}

type Read = ReplyForm | readonly FormFault[];

/** Something that a unit may do in a case: its form, and the reply that it becomes. */
export interface AnswerAction {
  /** Name in the form and in the address of its confirmation. */
  readonly id: string;
  readonly title: string;
  readonly send: string;
  /** Said when it has been sent. */
  readonly done: string;
  readonly isFor: (party: Pick<Party, 'kind'>) => boolean;
  readonly Fields: (props: { readonly written: Written; readonly place: AnswerPlace }) => VNode;
  readonly read: (written: Written, place: AnswerPlace) => Read;
}

const anybody = (): boolean => true;
const openCare = ({ kind }: Pick<Party, 'kind'>): boolean => kind === 'clinic';
const notOpenCare = (party: Pick<Party, 'kind'>): boolean => !openCare(party);

const valueOf = (written: Written, name: string): string | undefined => {
  const text = (written[name] ?? '').replaceAll('\r', '').trim();
  return text === '' ? undefined : text;
};
const missing = (label: string): FormFault[] => [{ code: label, text: `Fyll i: ${label}.` }];
const groundsIn = (written: Written): { grounds?: readonly Ground[] } => {
  const ground = valueOf(written, 'grund');
  return ground === undefined ? {} : { grounds: [ground as Ground] };
};

interface FieldsProps {
  readonly written: Written;
  readonly place: AnswerPlace;
}

/** The ground is the party's own to state, for it is the party's secrecy (rules 12.2). */
function GroundField({ written, place, form, required }: FieldsProps & { form: string; required?: boolean }): VNode {
  const follows = place.party.legalForms.includes('region-authority') && required !== true;
  return (
    <Select
      {...{ written, form, name: 'grund', label: 'Grund för att lämna uppgiften', options: place.grounds }}
      hint={follows ? 'Behövs inte när avdelningen hör till regionen.' : 'Utan grund lämnas uppgiften inte ut.'}
      none={follows ? 'Ingen angiven' : 'Välj grund'}
      required={!follows}
    />
  );
}

const base = (place: AnswerPlace) => ({ stay: place.stay, about: place.about });

/** A text to the ward, with a ground. */
function information(text: string | undefined, written: Written, place: AnswerPlace, label: string): Read {
  return text === undefined ? missing(label) : { ...base(place), code: 'PLAN-INFO', text, ...groundsIn(written) };
}

const lines = (...parts: readonly (readonly [label: string, value: string | undefined])[]): string | undefined => {
  const stated = parts.flatMap(([label, value]) => (value === undefined ? [] : [`${label}: ${value}`]));
  return stated.length === 0 ? undefined : stated.join('\n');
};

const UNCHANGED: readonly Option[] = [
  ['ja', 'Ja'],
  ['nej', 'Nej'],
  ['vet ej', 'Vet ej'],
];

/** What a unit may do in a case, in the order in which the work is done (LUS chapters 2-4). */
export const ANSWER_ACTIONS: readonly AnswerAction[] = [
  {
    ...{ id: 'planering', title: 'Påbörja planering', send: 'Meddela avdelningen' },
    ...{ done: 'Planeringen är påbörjad.', isFor: anybody },
    Fields: () => <p>Avdelningen får veta att ni har börjat planera (LUS 2 kap. 6 §).</p>,
    read: (_written, place) => ({ ...base(place), code: 'PLAN' }),
  },
  {
    ...{ id: 'fast-kontakt', title: 'Utse eller bekräfta fast vårdkontakt', send: 'Meddela fast vårdkontakt' },
    ...{ done: 'Den fasta vårdkontakten är meddelad.', isFor: openCare },
    Fields: ({ written, place }) => (
      <>
        <Choice
          {...{ written, form: 'fvk', name: 'vilken', type: 'radio', required: true, label: 'Kontakten' }}
          options={[
            ['ny', 'utses nu'],
            ['tidigare', 'finns sedan tidigare och fortsätter'],
          ]}
        />
        <Field {...{ written, form: 'fvk', name: 'namn', label: 'Namn', required: true }} />
        <Field {...{ written, form: 'fvk', name: 'roll', label: 'Roll', hint: 'Till exempel distriktssköterska.' }} />
        <Field {...{ written, form: 'fvk', name: 'telefon', label: 'Telefon', type: 'tel', inputMode: 'tel' }} />
        <GroundField {...{ written, place, form: 'fvk' }} />
      </>
    ),
    read: (written, place) => {
      const [name, role, telephone] = ['namn', 'roll', 'telefon'].map((field) => valueOf(written, field));
      if (name === undefined) return missing('Namn');
      const contact = { name, ...(role !== undefined && { role }), ...(telephone !== undefined && { telephone }) };
      return {
        ...{ ...base(place), code: 'FVK', confirmed: written['vilken'] === 'tidigare', contact },
        ...groundsIn(written),
      };
    },
  },
  {
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
    ...{ id: 'foresla', title: 'Föreslå SIP', send: 'Sänd förslaget' },
    ...{ done: 'Förslaget är sänt.', isFor: notOpenCare },
    Fields: ({ written, place }) => (
      <>
        <p>Det är den fasta vårdkontakten i regionens öppna vård som kallar (LUS 4 kap. 3 §).</p>
        <LongField
          {...{ written, form: 'forslag', name: 'text', label: 'Varför, och när det passar', required: true }}
        />
        <GroundField {...{ written, place, form: 'forslag' }} />
      </>
    ),
    read: (written, place) =>
      information(lines(['Förslag om SIP', valueOf(written, 'text')]), written, place, 'Varför'),
  },
  {
    ...{ id: 'deltog', title: 'Skriv in vilka som deltog i SIP', send: 'Spara och meddela' },
    ...{ done: 'Deltagarna är meddelade.', isFor: openCare },
    Fields: ({ written, place }) => (
      <>
        <Field {...{ written, form: 'deltog', name: 'dag', label: 'Mötesdag', type: 'date', required: true }} />
        <LongField
          {...{ written, form: 'deltog', name: 'deltagare', label: 'Deltog från enheterna', required: true }}
        />
        <Choice
          {...{
            written,
            form: 'deltog',
            name: 'enskilde',
            type: 'radio',
            required: true,
            label: 'Den enskilde deltog',
          }}
          options={[
            ['ja', 'Ja'],
            ['genom närstående', 'Genom närstående'],
            ['nej', 'Nej'],
          ]}
        />
        <GroundField {...{ written, place, form: 'deltog' }} />
      </>
    ),
    read: (written, place) => {
      const [day, who] = [valueOf(written, 'dag'), valueOf(written, 'deltagare')];
      if (day === undefined || who === undefined) return missing('Mötesdag och deltagare');
      const text = lines(
        ['SIP genomförd', day],
        ['Deltog', who],
        ['Den enskilde deltog', valueOf(written, 'enskilde')],
      );
      return information(text, written, place, 'Mötesdag');
    },
  },
  {
    ...{ id: 'hemtjanst', title: 'Lägg till hemtjänstutförare', send: 'Meddela avdelningen' },
    ...{ done: 'Utföraren är meddelad.', isFor: notOpenCare },
    Fields: ({ written, place }) => (
      <>
        <Field {...{ written, form: 'hemtjanst', name: 'utforare', label: 'Utförare', required: true }} />
        <Field {...{ written, form: 'hemtjanst', name: 'telefon', label: 'Telefon', type: 'tel', inputMode: 'tel' }} />
        <Choice
          {...{ written, form: 'hemtjanst', name: 'oforandrat', type: 'radio', label: 'Insatserna är oförändrade' }}
          options={UNCHANGED}
        />
        <GroundField {...{ written, place, form: 'hemtjanst' }} />
      </>
    ),
    read: (written, place) => {
      const provider = valueOf(written, 'utforare');
      if (provider === undefined) return missing('Utförare');
      const text = lines(
        ['Hemtjänstutförare', provider],
        ['Telefon', valueOf(written, 'telefon')],
        ['Insatserna är oförändrade', valueOf(written, 'oforandrat')],
      );
      return information(text, written, place, 'Utförare');
    },
  },
  {
    ...{ id: 'information', title: 'Lämna information till planeringen', send: 'Sänd' },
    ...{ done: 'Informationen är sänd.', isFor: anybody },
    Fields: ({ written, place }) => (
      <>
        <LongField {...{ written, form: 'info', name: 'text', label: 'Information', required: true }} />
        <GroundField {...{ written, place, form: 'info' }} />
      </>
    ),
    read: (written, place) => information(valueOf(written, 'text'), written, place, 'Information'),
  },
  {
    ...{ id: 'fraga', title: 'Fråga avdelningen, eller be om mer', send: 'Sänd frågan' },
    ...{ done: 'Frågan är sänd.', isFor: anybody },
    Fields: ({ written, place }) => (
      <>
        <LongField {...{ written, form: 'fraga', name: 'text', label: 'Fråga', required: true }} />
        <GroundField {...{ written, place, form: 'fraga' }} />
      </>
    ),
    read: (written, place) => {
      const text = valueOf(written, 'text');
      return text === undefined ? missing('Fråga') : { ...base(place), code: 'QUERY', text, ...groundsIn(written) };
    },
  },
  {
    ...{ id: 'hinder', title: 'Säg om regionens insatser finns på plats', send: 'Meddela avdelningen' },
    ...{ done: 'Avdelningen har fått veta.', isFor: openCare },
    Fields: ({ written, place }) => (
      <>
        <Choice
          {...{
            written,
            form: 'hinder',
            name: 'finns',
            type: 'radio',
            required: true,
            label: 'Insatserna (LUS 5 kap. 5 §)',
          }}
          options={[
            ['yes', 'finns'],
            ['no', 'finns inte'],
            ['unknown', 'inte klart'],
          ]}
        />
        <GroundField {...{ written, place, form: 'hinder' }} />
      </>
    ),
    read: (written, place) => {
      const exists = (['yes', 'no', 'unknown'] as const).find((one) => one === written['finns']);
      return exists === undefined
        ? missing('Insatserna')
        : { ...base(place), code: 'OBSTACLE', exists, ...groundsIn(written) };
    },
  },
  {
    ...{ id: 'returnera', title: 'Returnera: vi är fel mottagare', send: 'Returnera' },
    ...{ done: 'Meddelandet är returnerat.', isFor: anybody },
    Fields: ({ written, place }) => (
      <>
        <p>Avdelningen får veta att ni är fel mottagare, och inget mer.</p>
        <Choice
          {...{ written, form: 'retur', name: 'orsak', type: 'radio', required: true, label: 'Orsak' }}
          options={RETURN_REASONS.map((reason) => [reason, RETURN_WORDS[reason]])}
        />
        <Select
          {...{ written, form: 'retur', name: 'forslag', label: 'Förslag på rätt mottagare', none: 'Inget förslag' }}
          options={[...place.municipal, ...place.units]}
        />
      </>
    ),
    read: (written, place) => {
      const reason = RETURN_REASONS.find((one: ReturnReason) => one === written['orsak']);
      if (reason === undefined) return missing('Orsak');
      const rightParty = valueOf(written, 'forslag');
      return { ...base(place), code: 'RET', reason, ...(rightParty !== undefined && { rightParty }) };
    },
  },
  {
    ...{ id: 'avvikelse', title: 'Anmäl en avvikelse', send: 'Anmäl' },
    ...{ done: 'Avvikelsen är anmäld.', isFor: anybody },
    Fields: ({ written, place }) => (
      <>
        <Choice
          {...{ written, form: 'avvikelse', name: 'var', type: 'radio', required: true, label: 'Den enskilde är' }}
          options={[
            ['home', 'hemma utan att vi fått veta det'],
            ['admitted', 'inlagd utan att vi fått veta det'],
          ]}
        />
        <GroundField {...{ written, place, form: 'avvikelse' }} />
      </>
    ),
    read: (written, place) => {
      const where = (['home', 'admitted'] as const).find((one) => one === written['var']);
      return where === undefined ? missing('Var') : { ...base(place), code: 'FOUND', where, ...groundsIn(written) };
    },
  },
];

/** True when a form could not be read. */
export const isFaults = (read: Read): read is readonly FormFault[] => Array.isArray(read);
