import { Controller, Get, Header, HttpStatus, Inject, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Health, HealthReport, Metrics } from '#libs/platform';
import { HTTP_PARTS, type HttpParts } from './http-parts.ts';
import { Described, objectOf } from './described.ts';
import { Operation } from './permissions.ts';

const REPORT = objectOf({
  ok: { type: 'boolean' },
  checks: { type: 'object', additionalProperties: { enum: ['up', 'down'] } },
});

/** `/health/live`, `/health/ready` (contract 1) and `/metrics` over this process's health and metrics. */
@Controller()
export class HealthController {
  readonly #health: Health;
  readonly #metrics: Metrics;

  constructor(@Inject(HTTP_PARTS) { health, metrics }: HttpParts) {
    this.#health = health;
    this.#metrics = metrics;
  }

  @Get('health/live')
  @Operation('health')
  @Described({ summary: 'Is the process worth keeping', answer: { 'application/json': REPORT } })
  live(@Res({ passthrough: true }) response: ServerResponse): HealthReport {
    return answered(this.#health.live(), response);
  }

  @Get('health/ready')
  @Operation('health')
  @Described({ summary: 'Which part is up, and which is not', answer: { 'application/json': REPORT } })
  async ready(@Res({ passthrough: true }) response: ServerResponse): Promise<HealthReport> {
    return answered(await this.#health.ready(), response);
  }

  @Get('metrics')
  @Operation('metrics')
  @Described({ summary: 'Metrics in the form of Prometheus', answer: { 'text/plain': { type: 'string' } } })
  @Header('content-type', 'text/plain; version=0.0.4; charset=utf-8')
  text(): Promise<string> {
    return this.#metrics.text();
  }
}

/** A probe wants to see which part is down, so that an unready hub answers with its report, and with when to ask again. */
function answered(report: HealthReport, response: ServerResponse): HealthReport {
  response.statusCode = report.ok ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE;
  if (!report.ok) response.setHeader('retry-after', '2');
  return report;
}
