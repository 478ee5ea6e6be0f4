import type { Callers } from '#libs/county';
import type { Health, HttpSettings, Log, Metrics } from '#libs/platform';

/** What the HTTP front needs of its process. */
export interface HttpParts {
  readonly settings: HttpSettings;
  /** An app without an HTTP side of its own knows nobody. */
  readonly callers: Callers;
  readonly health: Health;
  readonly log: Log;
  readonly metrics: Metrics;
}

export const HTTP_PARTS = Symbol('http parts');
