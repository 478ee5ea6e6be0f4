import { judge } from '../deviations/registry.ts';
import type { Fact } from '../events/fact.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { withdrawalKey } from '../notices/act.ts';
import { parametersOn } from '../rules/parameters.ts';
import { consent, expecting, fact, histories, may, message, need, stated, type Statement } from '../ward.fixture.ts';
import type { History } from './history.ts';

/** Stays of one person of which one goes on where another ended, and what is told and owed in each. */

/** The stay that sends on: admitted on the 4th, its need told to Solna, transferred on the 6th at 12:00. */
export const FIRST: Record<'admission' | 'transfer', (more?: Partial<Statement>) => StayEvent> = {
  admission: (more) =>
    message('A01', {
      ...{ sent: '04 08:30', stay: 'p', id: 'p1', facts: [need('SOC', '04 08:15')] },
      ...{ encounter: expecting('10'), ...more },
    }),
  transfer: (more) => leave('p', '06 12:00', { leaving: 'transfer' }, { id: 'p2', ...more }),
};
export const first = (): StayEvent[] => [FIRST.admission(), FIRST.transfer()];

export const admit = (stay: string, at: string, more: Partial<Statement> = {}): StayEvent =>
  message('A01', { sent: at, stay, ...more, encounter: { start: stated(at), ...more.encounter } });
/** A later message of a stay, which says again when it began. */
export const later = (stay: string, sent: string, start: string, more: Partial<Statement> = {}): StayEvent =>
  message('A08', { sent, stay, ...more, encounter: { start: stated(start), ...more.encounter } });
export function leave(stay: string, at: string, how: StayEvent['encounter'], more: Partial<Statement> = {}): StayEvent {
  return message('A03', { sent: at, stay, ...more, encounter: { start: undefined, end: stated(at), ...how } });
}
export const home = (stay: string, at: string, more: Partial<Statement> = {}): StayEvent =>
  leave(stay, at, { leaving: 'home' }, more);
export const CANCEL = (stay: string, at: string, id = `${stay}-cancel`): StayEvent =>
  message('A11', { sent: at, stay, id });
export const YES: Fact = consent('Y', '06 15:00');
export const info = (at: string): Fact => fact('INFO', 'text', at, { scopes: ['SOC'] });
export const SECOND = admit('s', '06 14:00', { id: 's1', facts: [YES] });

/** Acts by stay, one line each: `s UTS 0184`, with why it ended. */
export function acts(events: readonly StayEvent[]): string[] {
  return [...histories(events)].flatMap(([stay, history]) =>
    history.acts.map((act) =>
      [stay, act.kind, act.recipient, act.ended && `ended ${act.ended.cause}`].filter(Boolean).join(' '),
    ),
  );
}
/** What stands, by stay. */
export const inForce = (events: readonly StayEvent[]): string[] =>
  acts(events).filter((line) => !line.includes(' ended '));
export const of = (stay: string, events: readonly StayEvent[]): History => {
  const found = histories(events).get(stay);
  if (!found) throw new Error(`no stay ${stay}`);
  return found;
};
export const kept = (stay: string, events: readonly StayEvent[]): string[] =>
  of(stay, events).kept.map((one) => `${one.party.id} ${one.scopes.join('+')}`);

export function found(stay: string, events: readonly StayEvent[], watermark = '20'): string[] {
  const history = of(stay, events);
  const received = new Map(
    history.acts.flatMap((act) => [
      [act.key, act.at] as const,
      [withdrawalKey(act) ?? act.key, act.ended?.at ?? act.at] as const,
    ]),
  );
  return judge(history, {
    watermark: may(watermark),
    parameters: (date) => parametersOn(date),
    outages: [],
    received,
    deliveryId: (key) => key,
    suspected: false,
  }).deviations.map((one) => `${one.code} ${one.severity}${one.reason ? ` ${one.reason}` : ''}`);
}
