import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { County } from '#libs/county';
import { writeDurably, type Configuration } from '#libs/platform';
import type { KafkaAccess } from './kafka-access.ts';
import { callerLogins, grantsOf, SERVICE_LOGINS } from './kafka-grants.ts';
import { BROKER_LOGIN } from './kafka-settings.ts';
import { StartProblem } from './start-problem.ts';

/** Passwords of the broker itself and of the services. */
const SERVICES_FILE = 'kafka-users.json';
/** What the parties, senders and observers are given; beside `callers.json`, which holds their tokens. */
const CALLERS_FILE = 'kafka-callers.json';

/**
 * Opens the passwords of the embedded Kafka: makes the two files or adds who is new, mode 0600. A password once made is
 * kept, also that of a caller whom the county no longer has, who is barred.
 * @throws StartProblem when a file is damaged, or a party of the county has the name of a service
 */
export function openKafkaAccess(
  stateDir: string,
  county: Pick<County, 'partyIds' | 'senderIds' | 'callers'>,
  { partyPort, topicPrefix }: Pick<Configuration['kafka'], 'partyPort' | 'topicPrefix'>,
): KafkaAccess {
  const own = [BROKER_LOGIN, ...SERVICE_LOGINS];
  const callers = callerLogins(county);
  const taken = callers.find((name) => own.includes(name));
  if (taken !== undefined) {
    throw new StartProblem(`the county has a party or caller ${taken}, as a service of ours is named`, 'rename it');
  }
  const services = opened(join(stateDir, SERVICES_FILE), own);
  const people = opened(join(stateDir, CALLERS_FILE), callers);
  const logins = [...SERVICE_LOGINS.map((name) => [name, services.get(name) ?? ''] as const)];
  for (const name of callers) logins.push([name, people.get(name) ?? '']);
  return {
    partyPort,
    brokerPassword: services.get(BROKER_LOGIN) ?? '',
    logins: new Map(logins),
    barred: [...people.keys()].filter((name) => !callers.includes(name)),
    grants: grantsOf(county, topicPrefix),
  };
}

/** @returns the passwords by name, of all wanted and of all that the file had */
function opened(file: string, wanted: readonly string[]): Map<string, string> {
  const passwords = existsSync(file) ? parsed(file) : new Map<string, string>();
  const missing = wanted.filter((name) => !passwords.has(name));
  for (const name of missing) passwords.set(name, randomBytes(32).toString('base64url'));
  if (missing.length > 0) writeDurably(file, written(passwords));
  return passwords;
}

function written(passwords: ReadonlyMap<string, string>): string {
  const entries = [...passwords].map(([username, password]) => [username, { username, password }]);
  return `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
}

/** A password is written into the broker's settings: one with a quotation mark in it would be read as another setting. */
const PASSWORD = /^[\w-]{20,200}$/;

function parsed(file: string): Map<string, string> {
  const bad = (): never => {
    throw new StartProblem(`${file} is damaged`, 'mend it, or remove it to have new passwords made');
  };
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return bad();
  }
  if (typeof value !== 'object' || value === null) return bad();
  const entries = Object.entries(value).map(([name, entry]: [string, unknown]): [string, string] => {
    const password = (entry as { password?: unknown } | null)?.password;
    return typeof password === 'string' && PASSWORD.test(password) ? [name, password] : bad();
  });
  return new Map(entries);
}
