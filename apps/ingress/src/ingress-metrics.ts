import type { Metrics } from '#libs/platform';

export type IngressMetrics = ReturnType<typeof ingressMetrics>;

/** What the ingress counts; no label holds anything of a message but its sender's agreement. */
export function ingressMetrics(metrics: Metrics) {
  return {
    stored: metrics.counter('ingress_stored_total', 'Messages stored and acknowledged', ['sender']),
    refused: metrics.counter('ingress_refused_total', 'Messages answered with an error', ['code']),
    lost: metrics.counter('ingress_stray_bytes_total', 'Bytes between frames or of frames that never ended', ['kind']),
    acknowledgements: metrics.counter(
      'ingress_acknowledgements_received_total',
      'Answers that came in as messages; never answered',
    ),
    bareEnds: metrics.counter('ingress_frames_without_cr_total', 'Frames taken though no CR followed their FS'),
    ended: metrics.counter('ingress_connections_ended_total', 'Connections that the hub ended or refused', ['kind']),
    connections: metrics.gauge('ingress_connections', 'Open MLLP connections'),
    seconds: metrics.histogram(
      'ingress_store_seconds',
      'From a whole frame to its acknowledgement',
      [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    ),
  };
}
