import 'reflect-metadata';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { buildAppParts, prepareTopics, type AppParts } from '#libs/hosting';
import { OffsetReader } from '#libs/messaging';
import { createPool } from '#libs/persistence';
import { openCallers, operationsModule, processConfiguration, type Callers } from '#libs/platform';
import { DispatcherStage } from '../../dispatcher/src/index.ts';
import { Ingress } from '../../ingress/src/ingress.ts';
import { portalGroups } from '../../portal/src/portal-groups.ts';
import { PortalStage } from '../../portal/src/portal-stage.ts';
import { PortalModule } from '../../portal/src/portal.module.ts';
import { RouterModule, RouterStage } from '../../router/src/index.ts';
import { Translator } from '../../translator/src/translator.ts';
import { WatcherStage } from '../../watcher/src/index.ts';
import { HubModule } from './hub.module.ts';
import { lineOf } from './line.ts';
import { HubOperations } from './operations.ts';
import { Settling } from './settle.ts';
import { Stages } from './stages.ts';

/** Where the hub finds what it does not start itself. */
export interface HubParts {
  readonly brokers: string[];
  readonly databaseUrl: string;
  readonly stateDir: string;
}

export interface RunningHub {
  stop(): Promise<void>;
  readonly addresses: { readonly http: string; readonly mllp: string };
}

const SETTLE_DEADLINE_MILLIS = 60_000;
const SETTLE_POLL_MILLIS = 5;

/**
 * Starts all apps in this process (architecture 6). Resolves when it takes messages in and answers HTTP; rejects, with
 * nothing left running, when it cannot.
 */
export async function startHub({ brokers, databaseUrl, stateDir }: HubParts): Promise<RunningHub> {
  const logFile = join(stateDir, 'hub.log');
  const configuration = processConfiguration({ embedded: true, brokers, databaseUrl, stateDir, logFile });
  const parts = buildAppParts(configuration, 'hub');
  const callers = openCallers(configuration.callersFile, parts.county);
  await prepareTopics(parts);
  const line = assemble(parts, callers);
  const app = await NestFactory.create(await rootModule(parts, callers, line), { logger: false, bodyParser: false });
  const stop = async (): Promise<void> => {
    parts.health.stopping();
    await line.stages.stopAll();
    await app.close();
    await line.pool.end();
    await parts.kafka.close();
  };
  try {
    await line.stages.startAll();
    await app.listen(configuration.http.port, configuration.http.host);
  } catch (error) {
    await stop();
    throw error;
  }
  parts.health.started();
  const { host, port } = line.ingress.address;
  return { stop, addresses: { http: (await app.getUrl()).replace('[::1]', '127.0.0.1'), mllp: `${host}:${port}` } };
}

interface Line {
  readonly ingress: Ingress;
  readonly router: RouterStage;
  readonly stages: Stages;
  readonly operations: HubOperations;
  readonly routerParts: ConstructorParameters<typeof RouterStage>[0];
  readonly portalParts: ConstructorParameters<typeof PortalStage>[0];
  readonly pool: ReturnType<typeof createPool>;
}

/** The stages in the order of the line, and what looks at them all. */
function assemble(parts: AppParts, callers: Callers): Line {
  const { clock, configuration, county, health, kafka, topics } = parts;
  const fatal = (stage: string) => (): void => health.broken(stage);
  const ingress = new Ingress(parts);
  const translator = new Translator(parts);
  const routerParts = {
    ...parts,
    authenticate: (authorization: string | undefined) => callers.byAuthorization(authorization),
    fatal: fatal('router'),
  };
  const router = new RouterStage(routerParts);
  const dispatcher = new DispatcherStage({ ...parts, fatal: fatal('dispatcher') });
  const watcher = new WatcherStage({ ...parts, fatal: fatal('watcher') });
  const portalParts = { ...parts, callers, fatal: (stage: string) => health.broken(stage) };
  const portal = new PortalStage(portalParts);
  health.add('ingress', () => ingress.listening);
  health.add('router', () => router.isOpen());
  health.add('dispatcher', () => dispatcher.isOpen());
  health.add('watcher', () => watcher.isOpen());
  health.add('portal', () => portal.isOpen());

  // The pool of its own: a stage that is stopped still has a position, and settle has to name it.
  const pool = createPool({ url: configuration.database.url, applicationName: 'bryggan-hub', max: 4 });
  health.add('database', () => pool.query('select 1').then(() => true));
  health.add('kafka', () => kafka.admin((admin) => admin.describeCluster()).then(() => true));
  const offsets = new OffsetReader(kafka);
  const views = portalGroups(portalParts);
  const steps = lineOf({
    topics,
    parties: county.partyIds(),
    pool,
    offsets,
    translatorGroup: translator.group,
    router: { stage: 'router', schema: router.schema, group: router.group, speaks: true },
    dispatcher: { stage: 'dispatcher', schema: dispatcher.schema, group: dispatcher.group, speaks: true },
    watcher: {
      ...{ stage: 'watcher', schema: watcher.schema, group: watcher.group, speaks: true },
      done: () => (watcher.isOpen() ? watcher.spoken() : Promise.resolve(true)),
    },
    partyView: { stage: 'portal', ...views.party, speaks: false },
    hubView: { stage: 'portal', ...views.hub, speaks: false },
  });
  const settling = new Settling({
    steps,
    endOffsets: (names) => offsets.endOffsets(names),
    deadlineMillis: SETTLE_DEADLINE_MILLIS,
    pollMillis: SETTLE_POLL_MILLIS,
  });
  const stages = new Stages([ingress, translator, router, dispatcher, watcher, portal]);
  const operations = new HubOperations({
    clock,
    stages,
    hold: () => ingress.hold(),
    release: () => ingress.release(),
    beat: (steppedFrom) => ingress.beat(steppedFrom),
    settle: () => settling.settle(),
    nextDue: (upTo) => watcher.nextDue(upTo),
    judgeAt: (instant) => watcher.judgeAt(instant),
  });
  return { ingress, router, stages, operations, routerParts, portalParts, pool };
}

async function rootModule(parts: AppParts, callers: Callers, line: Line): Promise<object> {
  const { health, log, metrics } = parts;
  return {
    module: class {},
    imports: [
      await operationsModule({ health, metrics }),
      HubModule.register(line.operations, callers, log),
      RouterModule.register(line.routerParts, line.router),
      PortalModule.register(line.portalParts),
    ],
  };
}
