import { Kafka, logLevel, type Admin, type SASLOptions } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The port answering is not readiness: the broker must know itself and a group coordinator must have loaded, else the
 * first consumers of the hub fail.
 * @param port of the broker, past any proxy in front of it
 * @param withinMs milliseconds of the machine's clock
 * @param login a user who may describe groups; none where the broker asks for none
 * @returns whether the broker was ready within the time
 */
export async function kafkaIsReady(port: number, withinMs: number, login?: SASLOptions): Promise<boolean> {
  const admin = adminOf(port, login);
  const ready = askUntilReady(admin);
  try {
    return await Promise.race([ready, sleep(withinMs, false, { ref: false })]);
  } finally {
    await Promise.race([admin.disconnect().catch(() => undefined), sleep(500, undefined, { ref: false })]);
  }
}

/**
 * @param answersWithin ms that a request may take
 * @returns a client of a broker on the loopback that tries everything once
 */
export function adminOf(port: number, login?: SASLOptions, answersWithin = 2_000): Admin {
  const kafka = new Kafka({
    clientId: 'bryggan-readiness',
    brokers: [`127.0.0.1:${port}`],
    ...(login && { sasl: login }),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: answersWithin,
    retry: { retries: 0 },
  });
  return kafka.admin();
}

async function askUntilReady(admin: Admin): Promise<boolean> {
  try {
    await admin.connect();
    const { brokers, controller } = await admin.describeCluster();
    if (brokers.length === 0 || controller === null) return false;
    await admin.describeGroups(['bryggan-readiness']); // rejects while the coordinator loads
    return true;
  } catch {
    return false;
  }
}
