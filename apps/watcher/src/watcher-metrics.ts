import type { Metrics } from '#libs/platform';

export type WatcherMetrics = ReturnType<typeof watcherMetrics>;

/** What the watcher counts. */
export function watcherMetrics(metrics: Metrics) {
  return {
    records: metrics.counter('watcher_records_total', 'Records that the watcher applied', ['outcome']),
    said: metrics.counter('watcher_said_total', 'Records that the watcher put into its outbox', ['outcome']),
    outages: metrics.counter('watcher_outages_total', 'Outages of the hub that were seen'),
    stuck: metrics.counter('watcher_stuck_total', 'Rows of the outbox that can never be sent'),
    watermark: metrics.gauge('watcher_watermark_seconds', 'The watermark, in seconds since 1970'),
  };
}
