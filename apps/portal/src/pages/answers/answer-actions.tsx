import { RETURN_REASONS, type ReturnReason, type Unchanged } from '#libs/domain';
import { Choice, Field, LongField, Select, type Option } from '../layout/form-parts.tsx';
import {
  anybody,
  base,
  GroundField,
  groundsIn,
  information,
  missing,
  notOpenCare,
  openCare,
  valueOf,
  type AnswerAction,
} from './answer-action.tsx';
import { RETURN_WORDS } from './answer-words.ts';
import { PLANNING_ACTIONS } from './planning-actions.tsx';

const UNCHANGED: readonly Option[] = [
  ['yes', 'Ja'],
  ['no', 'Nej'],
  ['unknown', 'Vet ej'],
];

/** What a unit may do in a case, in the order in which the work is done (LUS chapters 2-4). */
export const ANSWER_ACTIONS: readonly AnswerAction[] = [
  {
    group: 'answer',
    ...{ id: 'planering', title: 'Påbörja planering', send: 'Meddela avdelningen' },
    ...{ done: 'Planeringen är påbörjad.', isFor: anybody },
    Fields: () => <p>Avdelningen får veta att ni har börjat planera (LUS 2 kap. 6 §).</p>,
    read: (_written, place) => ({ ...base(place), code: 'PLAN' }),
  },
  {
    group: 'answer',
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
  ...PLANNING_ACTIONS,
  {
    group: 'who',
    ...{ id: 'hemtjanst', title: 'Lägg till hemtjänstutförare', send: 'Lägg till' },
    ...{ done: 'Utföraren är tillagd.', isFor: notOpenCare },
    Fields: ({ written, place }) => (
      <>
        <Select
          {...{ written, form: 'hemtjanst', name: 'utforare', label: 'Utförare', required: true }}
          options={place.added}
        />
        <p>Utföraren får veta det ni skriver här, och ingenting om varför (inte avdelning, vård eller information).</p>
        <Field {...{ written, form: 'hemtjanst', name: 'borta', label: 'Borta från', type: 'date' }} />
        <Field {...{ written, form: 'hemtjanst', name: 'hemma', label: 'Hemma från', type: 'datetime-local' }} />
        <Choice
          {...{ written, form: 'hemtjanst', name: 'oforandrat', type: 'radio', label: 'Insatserna är oförändrade' }}
          options={UNCHANGED}
        />
        <Field {...{ written, form: 'hemtjanst', name: 'ring', label: 'Vem utföraren kan ringa' }} />
        <GroundField {...{ written, place, form: 'hemtjanst' }} />
      </>
    ),
    read: (written, place) => {
      const recipient = valueOf(written, 'utforare');
      if (recipient === undefined) return missing('Utförare');
      const [awayFrom, homeFrom, call] = ['borta', 'hemma', 'ring'].map((field) => valueOf(written, field));
      const unchanged = UNCHANGED.find(([value]) => value === valueOf(written, 'oforandrat'))?.[0] as Unchanged;
      const home = {
        ...(awayFrom !== undefined && { awayFrom }),
        ...(homeFrom !== undefined && { homeFrom }),
        ...(valueOf(written, 'oforandrat') !== undefined && { unchanged }),
        ...(call !== undefined && { call }),
      };
      return {
        ...{ ...base(place), code: 'RECIPIENT', recipient, ...(Object.keys(home).length > 0 && { home }) },
        ...groundsIn(written),
      };
    },
  },
  {
    group: 'who',
    ...{ id: 'agare', title: 'Säg vems ärendet är, eller flytta det hos er', send: 'Sänd' },
    ...{ done: 'Ärendets ägare är angiven.', isFor: notOpenCare },
    Fields: ({ written, place }) => (
      <>
        <p>Det gäller före adressen: nya meddelanden går dit.</p>
        <Select
          {...{ written, form: 'agare', name: 'agare', label: 'Kommun eller stadsdelsnämnd', required: true }}
          options={place.owners}
        />
        {place.desks.length > 1 && (
          <Select
            {...{ form: 'agare', name: 'enhet', label: 'Enhet hos oss', options: place.desks, none: 'Som nu' }}
            written={{ enhet: place.desk ?? '', ...written }}
            hint="Den som arbetar med ärendet ser det under sin enhet i inkorgen."
          />
        )}
        <GroundField {...{ written, place, form: 'agare', optional: true }} />
      </>
    ),
    read: (written, place) => {
      const [owner, desk] = [valueOf(written, 'agare'), valueOf(written, 'enhet')];
      if (owner === undefined) return missing('Vems');
      const isOurs = owner === place.owners[0]?.[0];
      return {
        ...{ ...base(place), code: 'CASE-OWNER', owner },
        ...(isOurs && desk !== undefined && { desk }),
        ...groundsIn(written),
      };
    },
  },
  {
    group: 'answer',
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
    group: 'answer',
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
    group: 'answer',
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
    group: 'who',
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
    group: 'who',
    ...{ id: 'avvikelse', title: 'Säg att den enskilde är hemma eller inlagd', send: 'Meddela' },
    ...{ done: 'Avdelningen har fått veta.', isFor: anybody },
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
