import type { VNode } from 'preact';
import type { Instant } from '#libs/domain';
import type { FormPerson } from '#libs/forms';
import type { FormFault } from '../hub-resources.ts';
import { wholeNumber } from '../inbox/case-words.ts';
import { Choice, Faults, Field, PageForm, Select, Send, type Option, type Written } from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-request.ts';
import { leftWords, timeWords } from '../time-words.ts';
import { CARE_OPTIONS, CONSENT_OPTIONS, HOUSING_OPTIONS, IDENTITY_OPTIONS, NEED_OPTIONS } from './notice-draft.ts';

const HELP =
  'Här meddelar du att en patient är inskriven och kan behöva insatser. Du ser vem som får veta vad innan något sänds.';

interface StepProps {
  readonly user: PageUser;
  readonly written: Written;
  readonly faults: readonly FormFault[];
  readonly formKey: string;
}

/** First step: who it is. */
export function WhoPage({ user, written, faults, formKey }: StepProps): VNode {
  return (
    <Page title="Nytt meddelande" user={user} current="/avdelning/ny" help={HELP}>
      <h1>Nytt inskrivningsmeddelande</h1>
      <p class="quiet">Steg 1 av 3: vem</p>
      <Faults faults={faults} />
      <PageForm user={user} action="/avdelning/ny" formKey={formKey} label="Vem">
        <input type="hidden" name="steg" value="vem" />
        <Field
          {...{ written, form: 'ny', name: 'nummer', label: 'Personnummer, tolv siffror', required: true, size: 16 }}
          {...{ inputMode: 'numeric', hint: 'Till exempel ÅÅÅÅMMDD-NNNN.' }}
        />
        <details class="ds-details" open={written['slag'] !== undefined && written['slag'] !== 'personnummer'}>
          <summary>Annat nummer än personnummer</summary>
          <div>
            <Select {...{ written, form: 'ny', name: 'slag', label: 'Slag av nummer', options: IDENTITY_OPTIONS }} />
          </div>
        </details>
        <Send text="Hämta uppgifter" />
      </PageForm>
    </Page>
  );
}

interface WhatProps extends StepProps {
  readonly person: FormPerson;
  /** The register knows nobody of that number. */
  readonly isUnknown: boolean;
  readonly wards: readonly Option[];
  readonly grounds: readonly Option[];
}

/** Second step: what is needed, when home, and what may be said; filled in from the register. */
export function WhatPage({ user, written, faults, formKey, person, isUnknown, wards, grounds }: WhatProps): VNode {
  return (
    <Page title="Nytt meddelande" user={user} current="/avdelning/ny" help={HELP}>
      <h1>Nytt inskrivningsmeddelande</h1>
      <p class="quiet">Steg 2 av 3: vad</p>
      <Faults faults={faults} />
      <PersonFacts person={person} isUnknown={isUnknown} />
      <PageForm user={user} action="/avdelning/ny" formKey={formKey} label="Vad" draft>
        <input type="hidden" name="steg" value="granska" />
        <input type="hidden" name="person" value={JSON.stringify(person)} />
        <input type="hidden" name="okand" value={isUnknown ? 'ja' : ''} />
        {isUnknown && (
          <>
            <Field {...{ written, form: 'ny', name: 'fornamn', label: 'Förnamn' }} />
            <Field {...{ written, form: 'ny', name: 'efternamn', label: 'Efternamn' }} />
          </>
        )}
        <Choice
          {...{ written, form: 'ny', name: 'behov', type: 'checkbox', label: 'Behov efter utskrivning' }}
          options={NEED_OPTIONS}
        />
        <Field {...{ written, form: 'ny', name: 'hem', label: 'Beräknas hem', type: 'date' }} />
        <Choice
          {...{
            written,
            form: 'ny',
            name: 'samtycke',
            type: 'radio',
            label: 'Patienten samtycker till mer information',
          }}
          options={CONSENT_OPTIONS}
        />
        <details class="ds-details" open={written['samtycke'] === 'grund'}>
          <summary>Annan grund, avdelning, inskrivning, boende</summary>
          <div class="page-form">
            <Select
              {...{
                written,
                form: 'ny',
                name: 'grund',
                label: 'Annan grund än samtycke',
                none: 'Ingen',
                options: grounds,
              }}
            />
            <Select
              {...{ written, form: 'ny', name: 'avdelning', label: 'Avdelning', options: wards, required: true }}
            />
            <Field
              {...{
                written,
                form: 'ny',
                name: 'inskriven',
                label: 'Inskriven',
                type: 'datetime-local',
                required: true,
              }}
            />
            <Select
              {...{ written, form: 'ny', name: 'vardform', label: 'Vårdform', none: 'Inte angiven' }}
              options={CARE_OPTIONS}
            />
            <Select
              {...{ written, form: 'ny', name: 'boende', label: 'Boende', none: 'Inte angivet' }}
              options={HOUSING_OPTIONS}
            />
          </div>
        </details>
        <Send text="Granska" />
      </PageForm>
    </Page>
  );
}

function PersonFacts({ person, isUnknown }: Pick<WhatProps, 'person' | 'isUnknown'>): VNode {
  const { identity, family, given = [], address, protection } = person;
  const name = [...given, family ?? ''].join(' ').trim();
  const place = [...(address?.lines ?? []), [address?.postalCode, address?.city].filter(Boolean).join(' ')];
  return (
    <>
      {protection !== undefined && (
        <p class="ds-alert" data-color="danger">
          <strong>Skyddade personuppgifter.</strong> Inget sänds av en regel: en människa väljer mottagare. Ring innan
          något sänds.
        </p>
      )}
      {isUnknown && (
        <p class="ds-alert" data-color="warning">
          Registret har ingen person med det numret. Kontrollera numret; stämmer det kan du fylla i namnet själv.
        </p>
      )}
      <dl class="facts">
        <div>
          <dt>Nummer</dt>
          <dd>{wholeNumber(identity.value)}</dd>
        </div>
        {name !== '' && (
          <div>
            <dt>Namn</dt>
            <dd>{name}</dd>
          </div>
        )}
        {address && (
          <div>
            <dt>Folkbokföringsadress</dt>
            <dd>{place.filter(Boolean).join(', ')}</dd>
          </div>
        )}
      </dl>
    </>
  );
}

/** Who would be told what, and what is held back, before anything is sent. */
export interface Preview {
  readonly told: readonly {
    readonly notice: string;
    readonly name: string;
    readonly why: readonly string[];
    /** Where the recipient is reached out of hours, as it says itself (rules 12.6). */
    readonly outOfHours?: string;
  }[];
  readonly withheld: readonly { readonly notice: string; readonly name: string; readonly why: readonly string[] }[];
  /** What waits for a person, and what is missing. */
  readonly waits: readonly string[];
  readonly lacks: readonly string[];
  readonly due?: Instant;
}

interface ReviewProps extends StepProps {
  readonly preview: Preview;
  readonly now: Instant;
}

/** Third step: what will happen when it is sent. */
export function ReviewPage({ user, written, formKey, preview, now }: ReviewProps): VNode {
  const hidden = Object.entries(written).filter(([name]) => !['form', 'nyckel', 'steg'].includes(name));
  return (
    <Page title="Nytt meddelande" user={user} current="/avdelning/ny" help={HELP}>
      <h1>Granska innan du sänder</h1>
      <p class="quiet">Steg 3 av 3</p>
      <PreviewList preview={preview} now={now} />
      <PageForm user={user} action="/avdelning/ny" formKey={formKey} label="Sänd eller ändra" draft>
        {hidden.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div class="buttons">
          <button class="ds-button" type="submit" name="steg" value="sand">
            Sänd
          </button>
          <button class="ds-button" data-variant="secondary" type="submit" name="steg" value="andra">
            Ändra
          </button>
        </div>
      </PageForm>
    </Page>
  );
}

function PreviewList({ preview, now }: Pick<ReviewProps, 'preview' | 'now'>): VNode {
  const { told, withheld, waits, lacks, due } = preview;
  return (
    <>
      {due !== undefined && (
        <p class={due < now ? 'late' : undefined}>
          {`Ska vara sänt senast ${timeWords(due, now)}: ${leftWords(due, now)} (LUS 2 kap. 3 §).`}
        </p>
      )}
      <h2>De här får veta</h2>
      {told.length === 0 && <p>Ingen får veta något av detta.</p>}
      <ul class="review">
        {told.map(({ notice, name, why, outOfHours }) => (
          <li key={`${notice} ${name}`}>
            <strong>{`${name}: ${notice}`}</strong>
            <span class="quiet">{why.join(' ')}</span>
            {outOfHours !== undefined && <span class="quiet">{`Utanför kontorstid: ${outOfHours}`}</span>}
          </li>
        ))}
      </ul>
      {waits.length > 0 && (
        <>
          <h2>Väntar på en människa</h2>
          <ul>
            {waits.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
      {(withheld.length > 0 || lacks.length > 0) && (
        <>
          <h2>Hålls inne, eller saknas</h2>
          <ul>
            {withheld.map(({ notice, name, why }) => (
              <li key={`${notice} ${name}`}>{`${notice} till ${name}: ${why.join(' ')}`}</li>
            ))}
            {lacks.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
