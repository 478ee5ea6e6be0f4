import type { Metrics } from '#libs/platform';

export type DispatcherMetrics = ReturnType<typeof dispatcherMetrics>;

/** What the dispatcher counts. */
export function dispatcherMetrics(metrics: Metrics) {
  return {
    notices: metrics.counter('dispatcher_notices_total', 'Notices read by the dispatcher', ['outcome']),
    stuck: metrics.counter('dispatcher_stuck_total', 'Rows of the outbox that can never be sent'),
  };
}
