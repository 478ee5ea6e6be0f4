import type { VNode } from 'preact';
import type { Instant } from '#libs/domain';
import { TASK_NAMES } from '#libs/fhir';
import type { HealthReport } from '#libs/platform';
import type { Rejection } from '../../hub-view/rejections.ts';
import { Done } from '../layout/form-parts.tsx';
import { Page } from '../layout/page.tsx';
import type { PageUser } from '../page-request.ts';
import { leftWords, timeWords } from '../time-words.ts';
import type { OpenCount } from '../../hub-view/open-counts.ts';
import type { Flow, HubNumbers, OpenTask } from './hub-state.ts';

/** Swedish names of what health looks at; what has none goes by its own. */
const PARTS: Readonly<Record<string, string>> = {
  ingress: 'Mottagning',
  translator: 'Översättning',
  router: 'Förmedling',
  dispatcher: 'Utsändning',
  watcher: 'Bevakning',
  portal: 'Läsning och sidor',
  database: 'Databas',
  kafka: 'Kafka',
  hub: 'Navet',
  'reply-topics': 'Svar över Kafka',
  'http-intake': 'Mottagning över HTTP',
};

interface OverviewProps {
  readonly user: PageUser;
  readonly health: HealthReport;
  readonly numbers: HubNumbers;
  readonly flow: Flow;
  readonly now: Instant;
}

/** How the hub is, in one look. */
export function OverviewPage({ user, health, numbers, flow, now }: OverviewProps): VNode {
  return (
    <Page title="Drift" user={user} current="/drift" help="Här ser du hur Bryggan mår. Inga patientuppgifter visas.">
      <h1>Drift</h1>
      <p class="ds-alert" data-color={health.ok ? 'success' : 'danger'}>
        {health.ok ? 'Allt fungerar.' : 'Något står still: se nedan och i driftboken.'}
      </p>
      <table class="ds-table rows">
        <caption>Delar</caption>
        <thead>
          <tr>
            <th scope="col">Del</th>
            <th scope="col">Läge</th>
          </tr>
        </thead>
        <tbody>
          {Object.entries(health.checks).map(([name, state]) => (
            <tr key={name}>
              <th scope="row">{Object.hasOwn(PARTS, name) ? PARTS[name] : name}</th>
              <td>
                <span class="ds-tag" data-color={state === 'up' ? 'success' : 'danger'}>
                  {state === 'up' ? 'I gång' : 'Står still'}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {flow.steps.length > 0 && <FlowTable flow={flow} now={now} />}
      <h2>Just nu</h2>
      <dl class="facts">
        <div>
          <dt>Vårdtillfällen på sjukhus</dt>
          <dd class="count">{numbers.staysInHospital}</dd>
        </div>
        <div>
          <dt>Uppgifter som väntar</dt>
          <dd class="count">{total(numbers.tasks)}</dd>
        </div>
        <div>
          <dt>Öppna avvikelser</dt>
          <dd class="count">{total(numbers.deviations)}</dd>
        </div>
      </dl>
      {numbers.deviations.length > 0 && <Counts caption="Öppna avvikelser efter kod" counts={numbers.deviations} />}
    </Page>
  );
}

/** Steps by their ids; what has none goes by its own. */
const STEPS: Readonly<Record<string, string>> = {
  translator: 'Översättning: meddelanden blir händelser',
  router: 'Förmedling: vem som ska få veta vad',
  dispatcher: 'Utsändning: kvitterat till avsändaren',
  watcher: 'Bevakning: vad som uteblir',
  'portal-party': 'Mottagarnas inkorgar',
  'portal-hub': 'Avdelningarnas och driftens sidor',
  portal: 'Läsning och sidor',
  'reply-topics': 'Svar som kommer över Kafka',
  'http-intake': 'Det som kommer över HTTP',
};

function FlowTable({ flow, now }: Pick<OverviewProps, 'flow' | 'now'>): VNode {
  return (
    <>
      <table class="ds-table rows">
        <caption>Flödet, i den ordning ett meddelande går</caption>
        <thead>
          <tr>
            <th scope="col">Steg</th>
            <th scope="col">Väntar</th>
            <th scope="col">Lagt åt sidan sedan start</th>
          </tr>
        </thead>
        <tbody>
          {flow.steps.map(({ stage, waiting, setAside, stuck }) => (
            <tr key={stage}>
              <th scope="row">{Object.hasOwn(STEPS, stage) ? STEPS[stage] : stage}</th>
              <td>{waiting === undefined ? <span class="quiet">svarar inte</span> : waiting}</td>
              <td>
                {setAside === 0 ? <span class="quiet">inget</span> : <span class="late">{setAside}</span>}
                {stuck > 0 && <small class="late">{`${stuck} kan aldrig sändas`}</small>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {flow.judgedUntil !== undefined && (
        <p>{`Allt som kommit in till ${timeWords(flow.judgedUntil * 1000, now)} är bedömt: det som saknas före dess har uteblivit.`}</p>
      )}
    </>
  );
}

const total = (counts: readonly OpenCount[]): number => counts.reduce((sum, { count }) => sum + count, 0);

function Counts({ caption, counts }: { readonly caption: string; readonly counts: readonly OpenCount[] }): VNode {
  return (
    <table class="ds-table rows">
      <caption>{caption}</caption>
      <thead>
        <tr>
          <th scope="col">Kod</th>
          <th scope="col">Antal</th>
        </tr>
      </thead>
      <tbody>
        {counts.map(({ code, count }) => (
          <tr key={code}>
            <th scope="row">{code}</th>
            <td>{count}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface RejectedProps {
  readonly user: PageUser;
  readonly rejected: readonly Rejection[];
  /** When an operator last did something about one of them: what was set aside once more after that is new. */
  readonly handled: ReadonlyMap<string, Instant>;
  readonly done: string | undefined;
  readonly now: Instant;
}

/** What was not taken in the last week, why, and what helps; never what it said. */
export function RejectedPage({ user, rejected, handled, done, now }: RejectedProps): VNode {
  return (
    <Page
      title="Avvisade meddelanden"
      user={user}
      current="/drift/avvisade"
      help="Meddelanden som inte kunde läsas den senaste veckan, och händelser som har lagts åt sidan. Innehållet visas inte här; avsändaren hittar sitt med kontroll-id."
    >
      <h1>Avvisade meddelanden</h1>
      {done !== undefined && <Done>{done}</Done>}
      {rejected.length === 0 ? (
        <p class="empty">Inget har avvisats den senaste veckan.</p>
      ) : (
        <table class="ds-table rows" data-zebra>
          <caption>Senaste veckan, det senaste först</caption>
          <thead>
            <tr>
              <th scope="col">När</th>
              <th scope="col">Avsändare</th>
              <th scope="col">Meddelande</th>
              <th scope="col">Vad som är fel, och vad som hjälper</th>
            </tr>
          </thead>
          <tbody>
            {rejected.map((one) => (
              <tr key={one.id}>
                <td>{timeWords(Date.parse(one.receivedAt), now)}</td>
                <td>{one.setAside ? 'Förmedlingen' : (one.sender ?? 'okänd')}</td>
                <th scope="row">
                  <a href={`/drift/avvisade/${one.id}`}>
                    {one.setAside ? 'Händelse lagd åt sidan' : (one.trigger ?? 'Meddelande')}
                  </a>
                  <small>{one.controlId ?? ''}</small>
                  {(handled.get(one.id) ?? -Infinity) >= Date.parse(one.receivedAt) && (
                    <span class="ds-tag" data-color="success">
                      Hanterat
                    </span>
                  )}
                </th>
                <td>
                  {one.faults.map(({ code, place, text, remedy }) => (
                    <p key={`${code} ${place ?? ''}`} class="text">
                      {`${code} ${place ?? ''} ${text}`}
                      {remedy !== undefined && <small>{remedy}</small>}
                    </p>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Page>
  );
}

interface TasksProps {
  readonly user: PageUser;
  readonly tasks: readonly OpenTask[];
  readonly isReleased: boolean;
  readonly now: Instant;
}

/** What waits for people, whoever they are, the most urgent first. */
export function TasksPage({ user, tasks, isReleased, now }: TasksProps): VNode {
  return (
    <Page
      title="Uppgifter"
      user={user}
      current="/drift/uppgifter"
      help="Det som väntar på en människa. Vem det gäller visas inte här."
    >
      <h1>Uppgifter</h1>
      {isReleased && <Done>Meddelandet är släppt. Uppgiften försvinner om en liten stund.</Done>}
      {tasks.length === 0 ? (
        <p class="empty">Inget väntar.</p>
      ) : (
        <table class="ds-table rows" data-zebra>
          <caption>Väntande uppgifter, den mest brådskande först</caption>
          <thead>
            <tr>
              <th scope="col">Uppgift</th>
              <th scope="col">Vems</th>
              <th scope="col">Tid</th>
            </tr>
          </thead>
          <tbody>
            {tasks.map(({ id, code, owner, due }) => (
              <tr key={id}>
                <th scope="row">
                  <a href={`/drift/uppgifter/${id}`}>
                    {Object.hasOwn(TASK_NAMES, code) ? TASK_NAMES[code as keyof typeof TASK_NAMES] : code}
                  </a>
                  <small>{code}</small>
                </th>
                <td>{owner === 'operator' ? 'Operatören' : owner}</td>
                <td>
                  {due === undefined ? <span class="quiet">ingen tid</span> : leftWords(due, now)}
                  {due !== undefined && <small>{timeWords(due, now)}</small>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Page>
  );
}
