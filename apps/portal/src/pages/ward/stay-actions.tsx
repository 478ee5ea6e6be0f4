import type { VNode } from 'preact';
import type { Ground, Instant } from '#libs/domain';
import type { NoticeForm } from '#libs/forms';
import { Choice, Field, LongField, Select, type Option, type Written } from '../layout/form-parts.tsx';
import { localMinute } from '../answers/sip.ts';
import { CONSENT_OPTIONS, consentForms, textIn, type NoticesRead } from './notice-draft.ts';

/** Of which stay a ward's form is: what every notice of it says. */
export type OfStay = Pick<NoticeForm, 'ward' | 'stay' | 'person' | 'judgedBy'>;

/** What the forms of a stay are filled in with. */
export interface StayPlace {
  readonly grounds: readonly Option[];
  /** Those who have the notice of admission, by name. */
  readonly recipients: readonly string[];
  readonly parties: readonly Option[];
  /** The social welfare boards among them, for a concern report. */
  readonly boards: readonly Option[];
  readonly now: Instant;
}

/** A notice that a ward may send of a stay it has told of: its form, and what it becomes. */
export interface StayAction {
  readonly id: string;
  readonly title: string;
  readonly send: string;
  readonly done: string;
  /** Who gets it: those who have the admission, all or the authorities by the law itself, or on a ground; or nobody by itself. */
  readonly reaches: 'lawful' | 'authorities' | 'on-ground' | 'nobody';
  readonly Fields: (props: { readonly written: Written; readonly place: StayPlace }) => VNode;
  readonly read: (written: Written, of: OfStay) => NoticesRead;
}

const lacking = (what: string): NoticesRead => ({ forms: [], faults: [{ code: what, text: `Fyll i: ${what}.` }] });
const one = (form: NoticeForm): NoticesRead => ({ forms: [form], faults: [] });
const groundsIn = (written: Written) => {
  const ground = textIn(written, 'grund');
  return ground === undefined ? {} : { grounds: [ground as Ground] };
};

/** What a ward may say of a stay after the admission, in the order in which it happens (LUS chapters 2-4). */
export const STAY_ACTIONS: readonly StayAction[] = [
  {
    ...{ id: 'hem', title: 'Ändra beräknad utskrivning', send: 'Sänd', done: 'Den nya tiden är sänd.' },
    reaches: 'lawful',
    Fields: ({ written }) => (
      <Field {...{ written, form: 'hem', name: 'hem', label: 'Beräknas hem', type: 'date', required: true }} />
    ),
    read: (written, of) => {
      const expectedDischarge = textIn(written, 'hem');
      return expectedDischarge === undefined ? lacking('Beräknas hem') : one({ ...of, code: 'BUT', expectedDischarge });
    },
  },
  {
    ...{ id: 'samtycke', title: 'Ange samtycke eller annan grund', send: 'Spara', done: 'Grunden är angiven.' },
    reaches: 'nobody',
    Fields: ({ written, place }) => (
      <>
        <Choice
          {...{ written, form: 'samtycke', name: 'samtycke', type: 'radio', required: true }}
          {...{ label: 'Patienten samtycker till mer information', options: CONSENT_OPTIONS.slice(0, 3) }}
        />
        <Select
          {...{ written, form: 'samtycke', name: 'grund', label: 'Annan grund', none: 'Ingen', options: place.grounds }}
        />
      </>
    ),
    read: (written, of) => {
      const forms = consentForms(written, of);
      return forms.length === 0 ? lacking('Samtycke eller grund') : { forms, faults: [] };
    },
  },
  {
    ...{ id: 'klar', title: 'Meddela utskrivningsklar', send: 'Sänd underrättelsen', done: 'Underrättelsen är sänd.' },
    reaches: 'on-ground',
    Fields: () => <p>Sänds den efter klockan 12 räknas den från nästa dag.</p>,
    read: (_written, of) => one({ ...of, code: 'UTK' }),
  },
  {
    ...{ id: 'inte-klar', title: 'Ta tillbaka utskrivningsklar', send: 'Ta tillbaka', done: 'Det är återtaget.' },
    reaches: 'on-ground',
    Fields: () => <p>De som fick underrättelsen får veta att den inte längre gäller.</p>,
    read: (_written, of) => one({ ...of, code: 'UTK-WITHDRAWN' }),
  },
  {
    ...{ id: 'opt', title: 'Meddela beslut om öppen tvångsvård', send: 'Sänd', done: 'Det är sänt.' },
    reaches: 'authorities',
    Fields: ({ written, place }) => (
      <>
        <Choice
          {...{ written: { beslut: 'F', ...written }, form: 'opt', name: 'beslut', type: 'radio', label: 'Beslutet' }}
          options={[
            ['F', 'är fattat'],
            ['D', 'gäller inte: ta tillbaka'],
          ]}
        />
        <Field
          {...{ form: 'opt', name: 'fattat', label: 'När det fattades', type: 'datetime-local' }}
          written={{ fattat: localMinute(place.now), ...written }}
        />
      </>
    ),
    read: (written, of) => {
      if (written['beslut'] === 'D') return one({ ...of, code: 'OPT-DECISION', status: 'D' });
      const at = textIn(written, 'fattat');
      return at === undefined ? lacking('När det fattades') : one({ ...of, code: 'OPT-DECISION', at });
    },
  },
  {
    ...{ id: 'sip', title: 'Be den fasta vårdkontakten kalla till SIP', send: 'Sänd', done: 'Det är sänt.' },
    reaches: 'on-ground',
    Fields: ({ written, place }) => (
      <>
        <Field
          {...{ written, form: 'sip', name: 'tid', label: 'Föreslagen tid', type: 'datetime-local', required: true }}
        />
        <LongField {...{ written, form: 'sip', name: 'text', label: 'Meddelande' }} />
        <Select
          {...{ written, form: 'sip', name: 'grund', label: 'Grund', none: 'Inom regionen, ingen annan' }}
          options={[['CONSENT', 'Patienten samtycker'], ...place.grounds]}
        />
      </>
    ),
    read: (written, of) => {
      const [at, text] = [textIn(written, 'tid'), textIn(written, 'text')];
      if (at === undefined) return lacking('Föreslagen tid');
      return one({ ...of, code: 'SIP-PROPOSE', at, ...(text !== undefined && { text }), ...groundsIn(written) });
    },
  },
  {
    ...{ id: 'ut', title: 'Skriv ut, med information', send: 'Sänd', done: 'Utskrivningen är meddelad.' },
    reaches: 'on-ground',
    Fields: ({ written, place }) => (
      <>
        <Field
          {...{ form: 'ut', name: 'ut', label: 'Utskriven', type: 'datetime-local', required: true }}
          written={{ ut: localMinute(place.now), ...written }}
        />
        <Choice
          {...{ written: { vart: 'home', ...written }, form: 'ut', name: 'vart', type: 'radio', label: 'Går' }}
          options={[
            ['home', 'hem'],
            ['against-advice', 'mot läkares råd'],
          ]}
        />
        <LongField
          {...{ written, form: 'ut', name: 'text', label: 'Information till dem som tar vid (LUS 3 kap. 2 §)' }}
          hint="Ska vara lämnad samma dag. Går till dem som har behovet, på den grund som är angiven."
        />
      </>
    ),
    read: (written, of) => {
      const [discharged, text] = [textIn(written, 'ut'), textIn(written, 'text')];
      if (discharged === undefined) return lacking('Utskriven');
      const leaving = written['vart'] === 'against-advice' ? 'against-advice' : 'home';
      const uts: NoticeForm = { ...of, code: 'UTS', discharged, leaving };
      const scopes = ['SOC', 'KHSL', 'ROV'] as const;
      return { forms: text === undefined ? [uts] : [uts, { ...of, code: 'INFO', text, scopes }], faults: [] };
    },
  },
  {
    ...{ id: 'ring', title: 'Skriv in ett samtal eller fax', send: 'Spara', done: 'Samtalet är inskrivet.' },
    reaches: 'nobody',
    Fields: ({ written, place }) => (
      <>
        <Select {...{ written, form: 'ring', name: 'vem', label: 'Vem', required: true, options: place.parties }} />
        <Choice
          {...{ written: { hur: 'telephone', ...written }, form: 'ring', name: 'hur', type: 'radio', label: 'Hur' }}
          options={[
            ['telephone', 'telefon'],
            ['fax', 'fax'],
          ]}
        />
        <Field
          {...{ form: 'ring', name: 'nar', label: 'När', type: 'datetime-local', required: true }}
          written={{ nar: localMinute(place.now), ...written }}
        />
        <Field {...{ written, form: 'ring', name: 'varfor', label: 'Varför inte genom Bryggan', required: true }} />
      </>
    ),
    read: (written, of) => {
      const [recipient, reason, happened] = ['vem', 'varfor', 'nar'].map((name) => textIn(written, name));
      if (recipient === undefined || reason === undefined || happened === undefined)
        return lacking('Vem, när och varför');
      const channel = written['hur'] === 'fax' ? 'fax' : 'telephone';
      return one({ ...of, code: 'CALL', recipient, channel, happened, notice: 'INS', reason });
    },
  },
  {
    ...{ id: 'makulera', title: 'Ta tillbaka inskrivningsmeddelandet', send: 'Ta tillbaka', done: 'Det är återtaget.' },
    reaches: 'lawful',
    Fields: ({ written }) => (
      <Choice
        {...{ written, form: 'makulera', name: 'skal', type: 'radio', required: true, label: 'Skäl' }}
        options={[
          ['NO-NEED', 'inget behov'],
          ['NEVER-ADMITTED', 'blev aldrig inskriven'],
        ]}
      />
    ),
    read: (written, of) => {
      const because = (['NO-NEED', 'NEVER-ADMITTED'] as const).find((reason) => reason === written['skal']);
      return because === undefined ? lacking('Skäl') : one({ ...of, code: 'INS-WITHDRAWN', because });
    },
  },
];
