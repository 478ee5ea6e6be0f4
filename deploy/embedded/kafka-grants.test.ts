import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { topicDefinitions, topicNames } from '#libs/messaging';
import { loadCounty } from '#libs/county';
import { PATTERN_METADATA } from '@nestjs/microservices/constants.js';
import { DispatcherController } from '../../apps/dispatcher/src/dispatcher.controller.ts';
import { HubViewController, PartyViewController } from '../../apps/portal/src/views.controller.ts';
import { lookGroup } from '../../apps/portal/src/pages/operator/inbound-content.ts';
import { RouterController } from '../../apps/router/src/router.controller.ts';
import { replayGroup } from '../../apps/translator/src/replay/replay.ts';
import { TranslatorController } from '../../apps/translator/src/translator.controller.ts';
import { WatcherController } from '../../apps/watcher/src/watcher.controller.ts';
import { callerLogins, grantsOf, SERVICE_LOGINS, type Grant } from './kafka-grants.ts';

interface Controller {
  readonly prototype: Readonly<Record<string, unknown>>;
}

/** Who handles what an app reads; the ingress carries `replies.<party>` over as it is, and has none. */
const CONTROLLERS: Readonly<Record<string, readonly Controller[]>> = {
  translator: [TranslatorController],
  router: [RouterController],
  dispatcher: [DispatcherController],
  watcher: [WatcherController],
  portal: [PartyViewController, HubViewController],
} as unknown as Readonly<Record<string, readonly Controller[]>>;

const county = loadCounty(join(import.meta.dirname, '../county'));
const parties = county.partyIds();
const topicsUnder = (prefix: string): string[] =>
  topicDefinitions(topicNames(prefix), { parties, senders: county.senderIds(), embedded: true }).map(
    ({ name }) => name,
  );

/** As the broker judges it. */
const may = (grants: readonly Grant[], login: string, operation: Grant['operation'], topic: string): boolean =>
  grants.some(
    (grant) =>
      grant.login === login &&
      grant.resource === 'topic' &&
      grant.operation === operation &&
      (grant.prefixed ? topic.startsWith(grant.name) : topic === grant.name),
  );

describe('the rights on the embedded Kafka', () => {
  it.each(['', 'p.'])('let each service make and see every topic under the prefix "%s", and no other', (prefix) => {
    const grants = grantsOf(county, prefix);
    for (const login of SERVICE_LOGINS) {
      const own = grants.filter((grant) => grant.login === login);
      const mayNot = topicsUnder(prefix).filter(
        (topic) => !may(own, login, 'create', topic) || !may(own, login, 'describe', topic),
      );
      expect([login, mayNot, may(own, login, 'create', 'another')]).toEqual([login, [], false]);
    }
  });

  it('let one kind of app alone write each topic of what is told, and nobody what parties reply', () => {
    const grants = grantsOf(county, '');
    const writers = (topic: string): string[] =>
      [...SERVICE_LOGINS, ...callerLogins(county)].filter((login) => may(grants, login, 'write', topic));
    expect(writers('deliveries.0184')).toEqual(['hub', 'router']);
    expect(writers('deviations.0184')).toEqual(['hub', 'watcher']);
    expect(writers('receipts.KS')).toEqual(['hub', 'dispatcher']);
    // Besides: what an operator decides at the router, and what people report to the watcher.
    expect(writers('inbound')).toEqual(['hub', 'ingress', 'router', 'watcher']);
    expect(writers('events')).toEqual(['hub', 'translator']);
    expect(writers('replies.0184')).toEqual(['0184']);
  });

  /** What no handler is marked for: a replay, and the operator's look at a message that was not taken. */
  const BESIDES: Readonly<Record<string, readonly string[]>> = {
    translator: ['events', 'rejected'],
    portal: ['inbound'],
  };

  it('let each app that runs alone read what its handlers are marked for, and nothing else', () => {
    const handled = ({ prototype }: Controller): string[] =>
      Object.getOwnPropertyNames(prototype).flatMap(
        (name) => (Reflect.getMetadata(PATTERN_METADATA, prototype[name] as object) as string[] | undefined) ?? [],
      );
    const grants = grantsOf(county, '');
    for (const [login, controllers] of Object.entries(CONTROLLERS)) {
      const read = grants
        .filter((grant) => grant.login === login && grant.resource === 'topic' && grant.operation === 'read')
        .map(({ name, prefixed }) => (prefixed ? `${name}*` : name));
      const besides = BESIDES[login] ?? [];
      expect([login, read.sort()]).toEqual([login, [...new Set(controllers.flatMap(handled)), ...besides].sort()]);
    }
  });

  it.each(['', 'p.'])(
    'let the hub and the translator replay, by groups of its own, under the prefix "%s"',
    (prefix) => {
      const names = topicNames(prefix);
      for (const login of ['hub', 'translator']) {
        const groups = grantsOf(county, prefix).filter((one) => one.login === login && one.resource === 'group');
        const joins = (group: string) => groups.some(({ name, prefixed }) => prefixed && group.startsWith(name));
        const asked = [names.inbound, names.events, names.rejected].map(replayGroup);
        expect([login, asked.filter((group) => !joins(group))]).toEqual([login, []]);
      }
    },
  );

  it.each(['', 'p.'])('let the hub and the portal look at one message, under the prefix "%s"', (prefix) => {
    for (const login of ['hub', 'portal']) {
      const groups = grantsOf(county, prefix).filter((one) => one.login === login && one.resource === 'group');
      const look = lookGroup(topicNames(prefix).inbound);
      expect([login, groups.some(({ name, prefixed }) => prefixed && look.startsWith(name))]).toEqual([login, true]);
    }
  });

  it('let each party read its own two topics and no topic of the hub’s', () => {
    const grants = grantsOf(county, '');
    for (const login of callerLogins(county)) {
      const own = grants.filter((grant) => grant.login === login);
      const read = topicsUnder('').filter((topic) => may(own, login, 'read', topic));
      const expected = login.startsWith('sender:')
        ? [`receipts.${login.slice(7)}`]
        : parties.includes(login)
          ? [`deliveries.${login}`, `deviations.${login}`]
          : ['deviation-feed'];
      expect([login, read.sort()]).toEqual([login, expected]);
    }
  });

  it('are each given once', () => {
    const grants = grantsOf(county, '').map((grant) => JSON.stringify(grant));
    expect(new Set(grants).size).toBe(grants.length);
  });
});
