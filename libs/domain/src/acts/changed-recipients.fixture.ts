import type { OperatorStatement } from '../events/operator-event.ts';
import type { PartyStatement } from '../events/party-event.ts';
import type { StayEvent } from '../events/stay-event.ts';
import { routingEventOf } from '../answers/routing-statements.ts';
import { expecting, history, may, message, need } from '../ward.fixture.ts';
import type { History } from './history.ts';

/** One stay of which Solna is told, and what parties and operators say that changes who is told. */

export const SUNDBYBERG = '0183';
export const ADMITTED = message('A01', {
  id: 'admission',
  sent: '04 08:30',
  facts: [need('SOC', '04 08:15')],
  encounter: expecting('10'),
});

let count = 0;
export const origin = (intake: string) => {
  const eventId = `routing-${++count}`;
  const intakeAt = may(intake);
  return {
    eventId,
    inboundId: eventId,
    ordinal: 0,
    revision: 1,
    intakeAt,
    intakeStamp: intakeAt * 1000,
    stayId: 'stay',
  };
};

export function said(party: string, intake: string, says: PartyStatement): StayEvent {
  const event = routingEventOf({ ...origin(intake), party, sentAt: may(intake), says });
  if (!event) throw new Error(`${says.kind} changes nobody's being told`);
  return event;
}

export function decided(intake: string, says: OperatorStatement): StayEvent {
  const event = routingEventOf({ ...origin(intake), operator: 'Anna', reason: 'Enligt samtal', says });
  if (!event) throw new Error(`${says.kind} changes nobody's being told`);
  return event;
}

export const returned = (party: string, intake: string, proposal?: string): StayEvent =>
  said(party, intake, { kind: 'returned', reason: 'NOT-REGISTERED-HERE', ...(proposal !== undefined && { proposal }) });
export const released = (intake: string, recipient: string, more: object = {}): StayEvent =>
  decided(intake, { kind: 'released', recipient, scopes: ['SOC', 'KHSL', 'ROV'], ground: 'LUS_2KAP', ...more });
export const undone = (intake: string, { eventId }: StayEvent): StayEvent =>
  decided(intake, { kind: 'undone', eventId });

/** @returns who was told what, in order: `party kind`, with the cause where it was taken back */
export const acts = (events: readonly StayEvent[]): string[] =>
  history(events).acts.map(({ recipient, kind, ended }) => `${recipient} ${kind}${ended ? ` ${ended.cause}` : ''}`);
/** @returns what the needs wait for that somebody has to route by hand */
export const waiting = ({ duties }: History): string[] =>
  duties.flatMap(({ code, occasion }) => (code === 'ROUTE-BY-HAND' ? [occasion] : []));
