import { NestFactory } from '@nestjs/core';
import { HttpIntake } from '../../apps/ingress/src/answered-requests/http-intake.ts';
import { Hl7v2Intake } from '../../apps/ingress/src/hl7v2-over-http/hl7v2-intake.ts';
import { IngressModule } from '../../apps/ingress/src/ingress.module.ts';
import { Ingress } from '../../apps/ingress/src/ingress.ts';
import { Callers } from '#libs/county';
import { buildAppParts, prepareTopics } from '#libs/service';
import { HTTP_APPLICATION, HttpModule } from '#libs/http';
import { Health, processConfiguration } from '#libs/platform';
import { serve, told } from './child.ts';

/** The ingress alone, by both of its doors: MLLP, and HTTP with its register in PostgreSQL. */
interface Told {
  readonly brokers: string[];
  readonly databaseUrl: string;
  readonly stateDir: string;
  readonly token: string;
}

const { token, ...settings } = told() as Told;
const parts = buildAppParts(processConfiguration({ embedded: true, ...settings }), 'ingress');
await prepareTopics(parts);
const ingress = new Ingress(parts);
await ingress.start();
const caller = { name: 'sender:KS', party: 'SE2321000016-1000', roles: ['sender' as const], token };
const front = HttpModule.register({
  ...{ settings: { ...parts.configuration.http, requestsPerSecond: 1_000_000 }, callers: new Callers([caller]) },
  ...{ health: new Health(), log: parts.log, metrics: parts.metrics },
});
const ways = IngressModule.register(parts, new HttpIntake(parts), new Hl7v2Intake(parts));
const app = await NestFactory.create({ module: class {}, imports: [front, ways] }, HTTP_APPLICATION);
await app.listen(0, '127.0.0.1');
serve({
  ready: { mllp: `${ingress.address.host}:${ingress.address.port}`, http: await app.getUrl() },
  answers: {},
  async stop() {
    await Promise.all([app.close(), ingress.stop()]);
    await parts.kafka.close();
  },
});
