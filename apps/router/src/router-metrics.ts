import type { Metrics } from '#libs/platform';

export type RouterMetrics = ReturnType<typeof routerMetrics>;

/** What the router counts. */
export function routerMetrics(metrics: Metrics) {
  return {
    events: metrics.counter('router_events_total', 'Events read by the router', ['outcome']),
    said: metrics.counter('router_records_total', 'Records that the router put into its outbox', ['kind']),
    stuck: metrics.counter('router_stuck_total', 'Rows of the outbox that can never be sent'),
  };
}
