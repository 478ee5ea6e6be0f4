import type { Metrics } from '#libs/platform';
import type { SendersReport } from './sender-report.ts';

/** The report costs a look through a day's messages: it is made anew this often at most, however often it is asked for. */
const FRESH_MILLIS = 5 * 60_000;

/** Puts the report of the last 24 hours on `/metrics`. @param read answers it; undefined while the watcher is not open */
export function measureSenders(metrics: Metrics, read: () => Promise<SendersReport | undefined>): void {
  const labels = ['sender', 'ward'] as const;
  const last = metrics.gauge('sender_last_message_seconds', 'When a ward last sent, seconds since 1970', labels);
  const rate = metrics.gauge('sender_messages_per_hour', 'Messages of a ward an hour, over 24 hours', labels);
  const way = metrics.gauge(
    'sender_on_the_way_seconds',
    'From sending by its own clock to intake, the middle message',
    labels,
  );
  const refused = metrics.gauge('sender_refused_share', 'Share of messages that could not be read', ['sender', 'code']);
  const needs = metrics.gauge('sender_discharges', 'Stays that ended in 24 hours, by what was said of need', [
    ...labels,
    'outcome',
  ]);
  let madeAt = -Infinity;
  // One of them makes the report and sets the others, which show it from the next reading on.
  metrics.gauge(
    'sender_report_seconds',
    'When the report on senders was made, seconds since 1970',
    [],
    async function () {
      if (performance.now() - madeAt < FRESH_MILLIS) return;
      const report = await read().catch(() => undefined);
      if (report === undefined) return;
      madeAt = performance.now();
      this.set(Date.parse(report.until) / 1000);
      for (const gauge of [last, rate, way, refused, needs]) gauge.reset();
      for (const { sender, wards, refusals } of report.senders) {
        for (const { code, share } of refusals) refused.set({ sender, code }, share);
        for (const { ward, lastMessage, perHour, onTheWay, discharges } of wards) {
          last.set({ sender, ward }, Date.parse(lastMessage) / 1000);
          rate.set({ sender, ward }, perHour);
          way.set({ sender, ward }, onTheWay);
          needs.set({ sender, ward, outcome: 'stated' }, discharges.stated);
          needs.set({ sender, ward, outcome: 'none' }, discharges.none);
          needs.set({ sender, ward, outcome: 'not-stated' }, discharges.notStated);
        }
      }
    },
  );
}
