import type { DynamicModule } from '@nestjs/common';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';

export interface OperationsParts {
  readonly health: Health;
  readonly metrics: Metrics;
}

/**
 * The Nest module for `/health/live`, `/health/ready` and `/metrics`: put the promise among an app's `imports`.
 * Loaded on demand, so that the rest of this library does not bring Nest along.
 */
export async function operationsModule({ health, metrics }: OperationsParts): Promise<DynamicModule> {
  const { OperationsModule } = await import('./operations.module.ts');
  return OperationsModule.register(health, metrics);
}
