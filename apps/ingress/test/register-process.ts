import { connectKafka, GroupCommitProducer, silentLog } from '#libs/messaging';
import { createPool } from '#libs/persistence';
import { AnsweredRequests, type Request } from '../src/answered-requests/answered-requests.ts';
import { INGRESS_SCHEMA } from '../src/migrations/0001-answered-requests.ts';

/** Where the register of one suite is, what it is asked, and at which step its process ends itself with SIGKILL. */
export interface RegisterRun {
  readonly databaseUrl: string;
  readonly brokers: string[];
  readonly requests: readonly Request[];
  readonly killedWhen: 'claimed' | 'produced' | 'committed';
}

const { databaseUrl, brokers, requests, killedWhen } = JSON.parse(process.argv.at(-1) ?? '') as RegisterRun;
const dieWhen = (step: RegisterRun['killedWhen']) => {
  if (killedWhen === step) process.kill(process.pid, 'SIGKILL');
};

const kafka = connectKafka({ brokers, clientId: 'register-process', log: silentLog });
const producer = new GroupCommitProducer({ kafka, log: silentLog });
const pool = createPool({ url: databaseUrl, applicationName: 'register-process', schema: INGRESS_SCHEMA });
pool.on('connect', (client) => {
  const query = client.query.bind(client) as (...args: unknown[]) => unknown;
  Object.assign(client, {
    query: async (...args: unknown[]) => {
      const result = await query(...args);
      if (args[0] === 'commit') dieWhen('committed');
      return result;
    },
  });
});
const register = new AnsweredRequests(pool, {
  send: async (record) => {
    dieWhen('claimed');
    const ack = await producer.send(record);
    dieWhen('produced');
    return ack;
  },
});
for (const request of requests) {
  const outcome = await register.settle(request);
  process.stdout.write(`${request.id} ${outcome.kind}\n`);
}
