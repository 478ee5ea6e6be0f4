import type { StayEvent } from '../events/stay-event.ts';
import { parametersOn } from '../rules/parameters.ts';
import { consent, expecting, fact, history, may, message, need, stated } from '../ward.fixture.ts';
import type { Circumstances } from './definition.ts';
import { judge } from './registry.ts';

/** One stay as a ward tells of it, and what is found amiss with it. */

/** @returns circumstances of which the watermark alone matters, but for what a test says */
export const around = (watermark: string, more: Partial<Circumstances> = {}): Circumstances => ({
  watermark: may(watermark),
  parameters: (date) => parametersOn(date),
  outages: [],
  received: new Map(),
  deliveryId: (key) => key,
  suspected: false,
  ...more,
});

/** Everything the ward's acts ask of the hub has arrived, unless a test says otherwise. */
export const allReceived = (events: readonly StayEvent[]): Circumstances['received'] =>
  new Map(
    history(events).acts.flatMap((act) => [
      [act.key, act.at] as const,
      [`${act.kind}|${act.recipient}|${act.slot}|ended|${act.ended?.statedBy ?? ''}`, act.ended?.at ?? 0] as const,
    ]),
  );

/** @returns each deviation as `CODE#occasion severity`, with `suspected` and its reason where it has them */
export const found = (events: readonly StayEvent[], watermark: string, more: Partial<Circumstances> = {}): string[] =>
  judge(history(events, more.outages), around(watermark, { received: allReceived(events), ...more })).deviations.map(
    (one) =>
      `${one.code}${one.occasion && `#${one.occasion}`} ${one.severity}${one.suspected ? ' suspected' : ''}${one.reason ? ` ${one.reason}` : ''}`,
  );

export const ORDERED = { terms: { ins: 'ordered' as const } };
export const ELSEWHERE = { terms: { info: 'elsewhere' as const } };
export const SOC = need('SOC', '04 08:00');
export const YES = consent('Y', '04 08:00');

export const admit = (sent: string, more: object = {}): StayEvent =>
  message('A01', { sent, facts: [SOC, YES], encounter: expecting('10'), ...more });
export const later = (sent: string, more: object = {}): StayEvent => message('A08', { sent, ...more });
export const leave = (sent: string, end: string, more: object = {}): StayEvent =>
  message('A03', { sent, encounter: { end: stated(end) }, ...more });
export const ready = (at: string, value = 'Y'): ReturnType<typeof fact> => fact('READY', value, at);
export const info = (at: string): ReturnType<typeof fact> => fact('INFO', 'text', at, { scopes: ['SOC'] });
export const order = (sent: string): StayEvent => later(sent, { facts: [fact('INS', 'Y', sent)], ...ORDERED });
