import type { VNode } from 'preact';
import type { Instant } from '#libs/domain';
import type { Rejection } from '../../hub-view/rejections.ts';
import type { FormFault } from '../hub-resources.ts';
import { Done, Faults, Field, PageForm, Send, type Written } from '../layout/form-parts.tsx';
import { Fact } from '../layout/fact.tsx';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-request.ts';
import { timeWords } from '../time-words.ts';
import type { InboundContent } from './inbound-content.ts';
import { DoneByHand } from './done-by-hand.tsx';
import type { OperatorAct } from './operator-acts.ts';

export interface RejectionProps {
  readonly user: PageUser;
  readonly rejection: Rejection;
  /** Its bytes can be found. */
  readonly isThere: boolean;
  /** Shown once a reason has been given, and kept with it. */
  readonly content?: InboundContent;
  readonly written: Written;
  readonly faults: readonly FormFault[];
  /** Which form the faults, or the lines, are of. */
  readonly action?: string;
  /** What a check says, a line each. */
  readonly lines?: readonly string[];
  readonly done?: string | undefined;
  readonly acts: readonly OperatorAct[];
  readonly now: Instant;
}

const HELP =
  'Här ser du varför ett meddelande inte togs emot, och kan läsa om det, eller rätta det i avsändarens namn. Innehållet visas först när du har sagt varför, och det loggas.';

const EVENT_HELP =
  'Här ser du en händelse som förmedlingen inte kunde ta hand om. Ingen har fått veta något av den. Pröva den igen när felet är rättat.';

/** A message that was not taken: why, and what can be done. */
export function RejectionPage(props: RejectionProps): VNode {
  const { user, rejection, isThere, content, done, acts, now } = props;
  const { setAside = false } = rejection;
  const address = `/drift/avvisade/${rejection.id}`;
  const title = setAside ? 'Händelse lagd åt sidan' : 'Avvisat meddelande';
  return (
    <Page title={title} user={user} current="/drift/avvisade" help={setAside ? EVENT_HELP : HELP}>
      <p class="no-print">
        <a href="/drift/avvisade">Till avvisade meddelanden</a>
      </p>
      <h1>{title}</h1>
      {done !== undefined && <Done>{done}</Done>}
      <dl class="facts">
        <Fact name={setAside ? 'Lades åt sidan' : 'Togs in'} value={timeWords(Date.parse(rejection.receivedAt), now)} />
        {setAside ? (
          <Fact name="Steg" value="Förmedlingen" />
        ) : (
          <Fact name="Avsändare" value={rejection.sender ?? 'okänd'} />
        )}
        {rejection.trigger !== undefined && <Fact name="Meddelande" value={rejection.trigger} />}
        {rejection.controlId !== undefined && <Fact name="Kontroll-id" value={rejection.controlId} />}
      </dl>
      <h2>Vad som är fel</h2>
      <ul>
        {rejection.faults.map(({ code, place, text, remedy }) => (
          <li key={`${code} ${place ?? ''}`}>
            {`${[code, place].filter(Boolean).join(', ')}: ${text}`}
            {remedy !== undefined && <p class="quiet">{remedy}</p>}
          </li>
        ))}
      </ul>
      {!isThere && <p>Det är så gammalt att innehållet inte finns kvar, eller avvisades av en äldre Bryggan.</p>}
      <div class="case">
        {isThere && (
          <section aria-labelledby="las-om">
            <h2 id="las-om">Läs om</h2>
            <ReadAgain {...props} address={address} />
          </section>
        )}
        {setAside && (
          <section aria-labelledby="avfarda">
            <h2 id="avfarda">Avfärda</h2>
            <Dismiss {...props} address={address} />
          </section>
        )}
        {isThere && !setAside && (
          <section aria-labelledby="innehall-rubrik">
            <h2 id="innehall-rubrik">Innehåll</h2>
            {content ? (
              <Mend {...props} content={content} address={address} />
            ) : (
              <AskWhy {...props} address={address} />
            )}
          </section>
        )}
      </div>
      <DoneByHand acts={acts} now={now} />
    </Page>
  );
}

type FormsProps = RejectionProps & { readonly address: string };

/** When the agreement, or Bryggan itself, has been mended: the message as it came is read anew. */
function ReadAgain({ user, rejection, address, written, faults, action }: FormsProps): VNode {
  return (
    <PageForm user={user} action={address} label="Läs om">
      <input type="hidden" name="atgard" value="om" />
      {action === 'om' && <Faults faults={faults} />}
      <p>
        {rejection.setAside
          ? 'När Bryggan har rättats: händelsen prövas igen, som den är. De som redan har tagit hand om den gör inget.'
          : 'När avtalet eller Bryggan har rättats: meddelandet läses igen, som det kom.'}
      </p>
      <Field
        {...{ written: action === 'om' ? written : {}, form: 'om', name: 'varfor', label: 'Varför', required: true }}
        hint="Till exempel vad som har rättats. Skriv inget om personen."
      />
      <Send text="Läs om" />
    </PageForm>
  );
}

/** When what it said has been told another way, or is not to be told: it stays where it is, and is marked as handled. */
function Dismiss({ user, address, written, faults, action }: FormsProps): VNode {
  return (
    <PageForm user={user} action={address} label="Avfärda">
      <input type="hidden" name="atgard" value="avfarda" />
      {action === 'avfarda' && <Faults faults={faults} />}
      <p>När den inte ska prövas igen, till exempel för att det har ringts in.</p>
      <Field
        {...{
          written: action === 'avfarda' ? written : {},
          form: 'avfarda',
          name: 'varfor',
          label: 'Varför',
          required: true,
        }}
        hint="Sparas med ditt namn. Skriv inget om personen."
      />
      <Send text="Avfärda" variant="secondary" />
    </PageForm>
  );
}

function AskWhy({ user, address, written, faults, action }: FormsProps): VNode {
  return (
    <PageForm user={user} action={address} label="Visa innehållet">
      <input type="hidden" name="atgard" value="visa" />
      {action === 'visa' && <Faults faults={faults} />}
      <Field
        {...{ written: action === 'visa' ? written : {}, form: 'visa', name: 'varfor', required: true }}
        {...{ label: 'Varför du behöver se det', hint: 'Sparas i loggen tillsammans med ditt namn.' }}
      />
      <Send text="Visa innehållet" variant="secondary" />
    </PageForm>
  );
}

/** The text, to be tried and mended. Only HL7 v2 is mended by hand: a form is filled in again by the one who sent it. */
function Mend({
  user,
  address,
  content,
  written,
  faults,
  action,
  lines,
}: FormsProps & { content: InboundContent }): VNode {
  if (content.kind !== 'hl7v2') {
    return (
      <>
        <p>Det här är inget HL7-meddelande. Avsändaren fyller i det på nytt; här kan det bara läsas.</p>
        <pre class="trace">{content.text}</pre>
      </>
    );
  }
  return (
    <PageForm user={user} action={address} label="Rätta">
      <input type="hidden" name="tecken" value={content.charset} />
      {action !== undefined && ['prova', 'sand'].includes(action) && <Faults faults={faults} />}
      {lines !== undefined && (
        <div role="status">
          <h3>Så läses det</h3>
          <ul>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </div>
      )}
      <div class="ds-field">
        <label class="ds-label" for="ratta-text">
          Meddelandet
        </label>
        <textarea class="ds-input message" id="ratta-text" name="text" rows={14} required spellcheck={false}>
          {written['text'] ?? content.text}
        </textarea>
      </div>
      <Field
        {...{
          written,
          form: 'sand',
          name: 'varfor',
          label: 'Varför, och vem hos avsändaren som vet om det',
          required: true,
        }}
        hint="Sparas med ditt namn. Det som kom ligger kvar som det kom; det rättade är ett nytt meddelande i avsändarens namn."
      />
      <div class="choice-row">
        <button class="ds-button" type="submit" name="atgard" value="prova" data-variant="secondary" data-size="sm">
          Prova
        </button>
        <button class="ds-button" type="submit" name="atgard" value="sand" data-size="sm">
          Sänd det rättade
        </button>
      </div>
    </PageForm>
  );
}
