import { Controller, Get, Header, HttpStatus, Inject, Module, Res, type DynamicModule } from '@nestjs/common';
import type { Health, HealthReport } from './health.ts';
import type { Metrics } from './metrics.ts';

const HEALTH = Symbol('health');
const METRICS = Symbol('metrics');

/** The little of a response that is needed: neither express nor fastify is named here. */
interface Answer {
  status(code: number): unknown;
}

@Controller()
class OperationsController {
  readonly #health: Health;
  readonly #metrics: Metrics;

  constructor(@Inject(HEALTH) health: Health, @Inject(METRICS) metrics: Metrics) {
    this.#health = health;
    this.#metrics = metrics;
  }

  @Get('health/live')
  live(@Res({ passthrough: true }) response: Answer): HealthReport {
    return answered(this.#health.live(), response);
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) response: Answer): Promise<HealthReport> {
    return answered(await this.#health.ready(), response);
  }

  @Get('metrics')
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  text(): Promise<string> {
    return this.#metrics.text();
  }
}

function answered(report: HealthReport, response: Answer): HealthReport {
  response.status(report.ok ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE);
  return report;
}

@Module({})
export class OperationsModule {
  /** The module for `/health/live`, `/health/ready` and `/metrics` over this process's health and metrics. */
  static register(health: Health, metrics: Metrics): DynamicModule {
    return {
      module: OperationsModule,
      controllers: [OperationsController],
      providers: [
        { provide: HEALTH, useValue: health },
        { provide: METRICS, useValue: metrics },
      ],
    };
  }
}
