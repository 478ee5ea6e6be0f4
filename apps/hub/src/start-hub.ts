import { join } from 'node:path';
import type { DynamicModule } from '@nestjs/common';
import type { Pool } from 'pg';
import {
  connectStages,
  followCounty,
  logChanges,
  untilReady,
  watchKafka,
  type AdmitParties,
  type StatefulConsumer,
} from '#libs/hosting';
import { buildAppParts, openDirectory, measureBacklog, prepareTopics, type AppParts, type Stage } from '#libs/service';
import { HTTP_APPLICATION, HttpModule, listen } from '#libs/http';
import { OffsetReader } from '#libs/messaging';
import { createPool } from '#libs/persistence';
import { openCallers, type Callers } from '#libs/county';
import { processConfiguration, type OpenIdSettings } from '#libs/platform';
import { DISPATCHER_CONSUMER } from '../../dispatcher/src/index.ts';
import { HttpIntake } from '../../ingress/src/answered-requests/http-intake.ts';
import { Hl7v2Intake } from '../../ingress/src/hl7v2-over-http/hl7v2-intake.ts';
import { ReplyTopics } from '../../ingress/src/replies/reply-topics.ts';
import { IngressModule } from '../../ingress/src/ingress.module.ts';
import { PORTAL_CONSUMERS, PortalModule } from '../../portal/src/index.ts';
import { DirectoryModule, RouterModule, RouterStage } from '../../router/src/index.ts';
import { TranslatorModule, TranslatorStage } from '../../translator/src/translator.controller.ts';
import { CheckModule } from '../../translator/src/check/check.controller.ts';
import { ReplayModule } from '../../translator/src/replay/replay.controller.ts';
import { DeviationsModule, SendersModule, WATCHER_CONSUMER } from '../../watcher/src/index.ts';
import { HubModule } from './operations.controller.ts';
import { BackgroundThread } from './background-thread.ts';
import { IngressThread } from './ingress-thread.ts';
import { ReadingThread } from './reading-thread.ts';
import { lineOf } from './settle.ts';
import { HubOperations } from './operations.ts';
import { Settling } from './settle.ts';
import { Stages } from './operations.ts';

/** Where the hub finds what it does not start itself. */
export interface HubParts {
  readonly brokers: string[];
  /** Its login there; else the environment's, if any. */
  readonly kafkaLogin?: { readonly username: string; readonly password: string };
  readonly databaseUrl: string;
  readonly stateDir: string;
  /** Where people sign in, unless the environment says it. */
  readonly openId?: OpenIdSettings;
  /** Lets the parties of a county that has changed into a Kafka that is run with the hub. */
  readonly admit?: AdmitParties;
}

export interface RunningHub {
  stop(): Promise<void>;
  readonly addresses: { readonly http: string; readonly mllp: string };
}

const SETTLE_DEADLINE_MILLIS = 60_000;
const SETTLE_POLL_MILLIS = 5;

/**
 * Starts all apps in this process, the MLLP front door, the FHIR API's reads, and the stages that nobody waits for each in a thread of their own (architecture 6): one Nest application with every stage connected to it as a microservice.
 * Resolves when it takes messages in, every stage reads, and HTTP is answered; rejects, with nothing left running, when it cannot.
 */
export async function startHub({ admit, ...where }: HubParts): Promise<RunningHub> {
  const configuration = processConfiguration({
    ...where,
    embedded: true,
    logFile: join(where.stateDir, 'hub.log'),
  });
  const parts = buildAppParts(configuration, 'hub');
  const { health, kafka, log } = parts;
  // Before anything asks the county: callers and topics are those of the directory that is gone by.
  const directory = await openDirectory(parts);
  const callers = openCallers(configuration.callersFile, parts.county);
  await prepareTopics(parts);
  const line = assemble(parts);
  const app = await connectStages(rootModule(parts, callers, line), line.all, HTTP_APPLICATION).catch(
    async (error: unknown) => {
      await line.endThreads();
      throw error;
    },
  );
  const watch = logChanges(health, log);
  const unfollow = followCounty(parts, line.all, directory, admit);
  const stop = async (): Promise<void> => {
    health.stopping();
    watch.end();
    unfollow();
    await line.stages.stopAll();
    await app.close();
    await line.endThreads();
    await line.pool.end();
    await directory.close();
    await kafka.close();
    log.info('app.stopped', { app: 'hub' });
  };
  let http: string;
  try {
    await app.startAllMicroservices();
    line.stages.started();
    await untilReady(line.all);
    http = await listen(app, configuration.http, log);
  } catch (error) {
    line.stages.started();
    await stop();
    throw error;
  }
  health.started();
  const { host, port } = line.ingress.address;
  const addresses = { http, mllp: `${host}:${port}` };
  log.info('app.ready', { app: 'hub', ...addresses });
  return { stop, addresses };
}

interface Line {
  readonly ingress: IngressThread;
  /** In the order of the line. */
  readonly all: readonly Stage[];
  readonly stages: Stages;
  readonly operations: HubOperations;
  readonly modules: readonly DynamicModule[];
  readonly pool: Pool;
  readonly endThreads: () => Promise<void>;
}

/** The stages in the order of the line, and what looks at them all. */
function assemble(shared: AppParts): Line {
  const { clock, configuration, county, health, kafka, log, metrics } = shared;
  const partsOf = (stage: string) => ({ ...shared, fatal: () => health.broken(stage) });
  const ingress = new IngressThread(shared);
  const reading = new ReadingThread(shared);
  const httpIntake = new HttpIntake(shared);
  const hl7v2Intake = new Hl7v2Intake(shared);
  const replyTopics = new ReplyTopics(shared);
  const translator = new TranslatorStage(shared);
  const router = new RouterStage(partsOf('router'));
  const background = new BackgroundThread(shared);
  const all = [ingress, replyTopics, translator, router, ...background.stages];

  // The pool of its own: a stage that is stopped still has a position, and settle has to name it.
  const pool = createPool({ url: configuration.database.url, applicationName: 'bryggan-hub', max: 4 });
  for (const stage of all) health.add(stage.name, () => stage.isReady());
  health.add('database', () => pool.query('select 1').then(() => true));
  watchKafka(health, kafka);
  const offsets = new OffsetReader(kafka);
  const inThread = (consumer: StatefulConsumer): StatefulConsumer => ({
    ...consumer,
    group: `${configuration.kafka.topicPrefix}${consumer.group}`,
  });
  const steps = lineOf({
    ...{ topics: shared.topics, parties: () => county.partyIds(), pool, offsets, translatorGroup: translator.group },
    ...{ router, dispatcher: inThread(DISPATCHER_CONSUMER), watcher: inThread(WATCHER_CONSUMER) },
    ...{ partyView: inThread(PORTAL_CONSUMERS.party), hubView: inThread(PORTAL_CONSUMERS.hub) },
    judged: () => background.judged(),
  });
  measureBacklog(metrics, kafka, steps);
  const settling = new Settling({
    steps,
    endOffsets: (names) => offsets.endOffsets(names),
    deadlineMillis: SETTLE_DEADLINE_MILLIS,
    pollMillis: SETTLE_POLL_MILLIS,
  });
  const stages = new Stages(all);
  const doors = [ingress, httpIntake, hl7v2Intake, replyTopics];
  const operations = new HubOperations({
    clock,
    stages,
    hold: () => Promise.all(doors.map((door) => door.hold())).then(() => undefined),
    release: () => doors.forEach((door) => door.release()),
    beat: (steppedFrom) => ingress.beat(steppedFrom),
    settle: () => settling.settle(),
    nextDue: async (upTo) => {
      const [due, change] = [await background.nextDue(upTo), router.nextChange(clock.now(), upTo)];
      return due === undefined || change === undefined ? (due ?? change) : Math.min(due, change);
    },
    reroute: () => router.rerouteStays(),
    judgeAt: (instant) => background.judgeAt(instant),
  });
  const modules = [
    HubModule.register(operations, log),
    // Before the portal, which takes every other address below /fhir.
    IngressModule.register(shared, httpIntake, hl7v2Intake),
    TranslatorModule.register(shared),
    CheckModule.register(shared),
    ReplayModule.register(shared),
    RouterModule.register(partsOf('router'), router),
    DirectoryModule.register(shared),
    SendersModule.register(
      (since) => background.senders(since),
      () => clock.now(),
    ),
    DeviationsModule.register(shared),
    PortalModule.register(partsOf('portal'), reading),
  ];
  const endThreads = () => Promise.all([ingress.end(), reading.end(), background.end()]).then(() => undefined);
  return { ingress, all, stages, operations, modules, pool, endThreads };
}

function rootModule(parts: AppParts, callers: Callers, { modules }: Line): object {
  const { configuration, health, log, metrics } = parts;
  const front = HttpModule.register({ settings: configuration.http, callers, health, log, metrics });
  return { module: class {}, imports: [front, ...modules] };
}
