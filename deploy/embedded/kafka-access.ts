import kafkajs, { type AclEntry, type AclFilter, type Admin } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Grant } from './kafka-grants.ts';
import { adminOf } from './kafka-readiness.ts';
import { BROKER_LOGIN } from './kafka-settings.ts';
import { alterScramCredentials } from './scram-credentials.ts';

// Node finds only some of kafkajs's names by itself.
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

/** Who may come to an embedded Kafka, and for what. */
export interface KafkaAccess {
  /** The listener of parties, senders and observers. */
  readonly partyPort: number;
  /** Of the broker itself, which may do everything. */
  readonly brokerPassword: string;
  /** Passwords by name; the first is a service that is tried out. */
  readonly logins: ReadonlyMap<string, string>;
  /** Names that may log in no more. */
  readonly barred: readonly string[];
  /** All rights: what the broker has besides is taken away. */
  readonly grants: readonly Grant[];
}

const TAKES_WITHIN_MS = 15_000;
/** A first start gives hundreds of rights at once, each flushed to disk: on a machine under load that takes its time. */
const GRANTS_WITHIN_MS = 60_000;

/**
 * Gives a broker that runs the logins and the rights that it has to have, and no others. The same for a new broker, for one
 * of a version without passwords, and for one whose county has changed; it may be broken off anywhere and done again.
 * @param port of the services' listener, held by a process of ours: the broker's own password is told to whoever listens there
 * @throws Error when the broker refuses, or does not take a login within 15 s
 */
export async function applyAccess(port: number, access: KafkaAccess): Promise<void> {
  const broker = { username: BROKER_LOGIN, password: access.brokerPassword };
  await alterScramCredentials(port, broker, { set: access.logins, remove: access.barred });
  const admin = adminOf(port, { mechanism: 'plain', ...broker }, GRANTS_WITHIN_MS);
  try {
    await admin.connect();
    await reconcile(admin, access.grants);
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
  await untilTaken(port, access.logins);
}

/** New rights first, so that nobody who keeps his loses them in between. */
async function reconcile(admin: Admin, grants: readonly Grant[]): Promise<void> {
  const wanted = new Map(grants.map(entryOf).map((entry) => [keyOf(entry), entry]));
  const present = new Map((await presentEntries(admin)).map((entry) => [keyOf(entry), entry]));
  const missing = [...wanted].filter(([key]) => !present.has(key)).map(([, entry]) => entry);
  const surplus = [...present].filter(([key]) => !wanted.has(key)).map(([, entry]) => entry);
  if (missing.length > 0) await admin.createAcls({ acl: missing });
  if (surplus.length > 0) await admin.deleteAcls({ filters: surplus });
}

async function presentEntries(admin: Admin): Promise<AclEntry[]> {
  const everything: AclFilter = {
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  };
  const { resources } = await admin.describeAcls(everything);
  return resources.flatMap(({ acls, ...resource }) => acls.map((acl) => ({ ...resource, ...acl })));
}

const OPERATIONS = {
  read: AclOperationTypes.READ,
  write: AclOperationTypes.WRITE,
  describe: AclOperationTypes.DESCRIBE,
  create: AclOperationTypes.CREATE,
} as const;

function entryOf({ login, resource, name, prefixed, operation }: Grant): AclEntry {
  return {
    resourceType: resource === 'topic' ? AclResourceTypes.TOPIC : AclResourceTypes.GROUP,
    resourceName: name,
    resourcePatternType: prefixed ? ResourcePatternTypes.PREFIXED : ResourcePatternTypes.LITERAL,
    principal: `User:${login}`,
    host: '*',
    operation: OPERATIONS[operation],
    permissionType: AclPermissionTypes.ALLOW,
  };
}

function keyOf(entry: AclEntry): string {
  const { resourceType, resourceName, resourcePatternType, principal, host, operation, permissionType } = entry;
  return JSON.stringify([resourceType, resourceName, resourcePatternType, principal, host, operation, permissionType]);
}

/** The controller has answered, the broker hears of it a moment later, and a client that is refused does not try again. */
async function untilTaken(port: number, logins: ReadonlyMap<string, string>): Promise<void> {
  const [first] = logins;
  if (first === undefined) return;
  const [username, password] = first;
  const deadline = performance.now() + TAKES_WITHIN_MS;
  for (;;) {
    const admin = adminOf(port, { mechanism: 'scram-sha-512', username, password });
    try {
      await admin.connect();
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
    await sleep(50);
  }
}
