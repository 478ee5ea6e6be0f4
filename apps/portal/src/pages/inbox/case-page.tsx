import type { VNode } from 'preact';
import type { Instant } from '#libs/domain';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-user.ts';
import { timeWords } from '../time-words.ts';
import type { ToldCase, ToldNotice } from '../told-cases.ts';
import { expectedWords, nextStep, wholeNumber } from './case-words.ts';

interface CaseProps {
  readonly user: PageUser;
  readonly told: ToldCase;
  readonly now: Instant;
}

const STATES: Readonly<Record<ToldCase['state'], string>> = {
  'in hospital': 'På sjukhus',
  discharged: 'Utskriven',
  ended: 'Återtaget',
};

/** One case: who, where things stand, what to do, and one line of time of all that the unit was told. */
export function CasePage({ user, told, now }: CaseProps): VNode {
  const { person, notices } = told;
  const expected = expectedWords(told, now);
  return (
    <Page title="Ärende" user={user} current="/inkorg" help={HELP}>
      <p>
        <a href="/inkorg">Till inkorgen</a>
      </p>
      <h1>{person.name}</h1>
      {person.isProtected && (
        <p class="ds-alert" data-color="danger">
          <strong>Skyddade personuppgifter.</strong> Sprid inte vidare. Adressen visas inte.
        </p>
      )}
      <dl class="facts">
        <Fact name="Läge" value={STATES[told.state]} />
        <Fact name="Personnummer" value={wholeNumber(person.number)} />
        {person.address !== undefined && <Fact name="Folkbokföringsadress" value={person.address} />}
        {expected && <Fact name={told.state === 'in hospital' ? 'Beräknas hem' : 'Hem'} value={expected.now} />}
        {expected?.before !== undefined && <Fact name="Sagt tidigare" value={expected.before} />}
        <Fact name="Att göra" value={nextStep(told)} />
      </dl>
      <h2>Vad vi har fått veta</h2>
      <ol class="timeline">
        {notices.map((notice) => (
          <Notice key={notice.id} notice={notice} now={now} />
        ))}
      </ol>
    </Page>
  );
}

const HELP =
  'Här står allt som din enhet har fått veta om vårdtillfället, i tidsordning. Vad andra har fått visas inte.';

function Fact({ name, value }: { readonly name: string; readonly value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Notice({ notice, now }: { readonly notice: ToldNotice; readonly now: Instant }): VNode {
  const { name, sent, texts, ground, withdrawn } = notice;
  return (
    <li class={withdrawn ? 'withdrawn' : undefined}>
      <p class="when">
        <time dateTime={new Date(sent).toISOString()}>{timeWords(sent, now)}</time>
      </p>
      <h3>
        {withdrawn ? <s>{name}</s> : name}
        {withdrawn && (
          <span class="ds-tag" data-color="warning">
            Återtaget
          </span>
        )}
      </h3>
      {texts.map((text) => (
        <p key={text} class="text">
          {text}
        </p>
      ))}
      {ground !== undefined && <p class="quiet">Grund: {ground}</p>}
    </li>
  );
}
