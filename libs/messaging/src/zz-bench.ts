import { createPool, migrate, messagingTables } from '#libs/persistence';
import {
  GroupCommitProducer,
  connectKafka,
  ensureTopics,
  startBatchConsumer,
  startRelay,
  startStatelessConsumer,
  silentLog,
} from './index.ts';
const url = 'postgres://postgres@127.0.0.1:29433/postgres';
const S = 'bench' + Date.now();
await migrate({ url, schema: S, migrations: messagingTables(S) });
const pool = createPool({ url, applicationName: 'x', schema: S, max: 20 });
const kafka = connectKafka({ brokers: ['127.0.0.1:29412'], clientId: 'x', log: silentLog });
const t = (n: string) => `${S}-${n}`;
await ensureTopics(
  kafka,
  [['a', 6], ['b', 6], ...Array.from({ length: 40 }, (_, i) => ['c' + i, 1])].map(([n, p]) => ({
    name: t(n as string),
    partitions: p as number,
    replicationFactor: 1,
    configs: n === 'a' ? { 'flush.messages': '1' } : {},
  })),
);
const p = new GroupCommitProducer({ kafka, log: silentLog });
const p2 = new GroupCommitProducer({ kafka, log: silentLog });
const rec = (topic: string, n: number, value: string) => ({
  topic,
  key: 'k' + n,
  id: 'i' + n,
  kind: 'k',
  schemaVersion: 1,
  traceparent: '',
  value,
});
const H: Record<string, number[]> = {};
const h = (k: string, v: number) => (H[k] ??= []).push(v);
let lat: number[] = [];
let got = 0;
const acks: number[] = [];
const tr = startStatelessConsumer({
  kafka,
  group: t('tr'),
  topics: [t('a')],
  log: silentLog,
  handle: async (rs) => {
    const s = performance.now();
    for (const r of rs) h('a->tr', Date.now() - r.timestamp);
    await p2.sendAll(rs.map((r) => ({ ...r, topic: t('b') })));
    h('tr send', performance.now() - s);
    h('tr batch', rs.length);
  },
  onPoison: async () => {},
});
const relay = startRelay({ kafka, pool, schema: S, log: silentLog });
const ro = startBatchConsumer({
  kafka,
  pool,
  schema: S,
  group: t('ro'),
  topics: [t('b')],
  owner: 'x',
  log: silentLog,
  fatal: console.error,
  onPoison: async () => {},
  onApplied: (a) => relay.kick(a.lane),
  apply: async (tx, rs, ctx) => {
    for (const r of rs) h('b->ro', Date.now() - r.timestamp);
    h('ro batch', rs.length);
    const s0 = performance.now();
    ctx.afterCommit(() => h('ro append+commit', performance.now() - s0));
    await ctx.outbox.append(rs.map((r) => ({ ...r, topic: t('c' + (Number(r.id.slice(1)) % 40)) })));
  },
});
const di = startBatchConsumer({
  kafka,
  pool,
  schema: S,
  group: t('di'),
  topics: Array.from({ length: 40 }, (_, i) => t('c' + i)),
  owner: 'x',
  log: silentLog,
  fatal: console.error,
  onPoison: async () => {},
  apply: async (_tx, rs, ctx) => {
    const s0 = performance.now();
    ctx.afterCommit(() => h('di commit', performance.now() - s0));
    h('di batch', rs.length);
    for (const r of rs) {
      h('c->di', Date.now() - r.timestamp);
      lat.push(performance.now() - Number(r.value.toString().split(' ')[0]));
      got++;
    }
  },
});
await Promise.all([tr.ready, ro.ready, di.ready]);
const pad = ' ' + 'x'.repeat(1200);
const q = (l: number[], f: number) => {
  l.sort((a, b) => a - b);
  return l[Math.floor(l.length * f)]?.toFixed(1);
};
let n = 0;
async function paced(rate: number, secs: number) {
  const start = performance.now();
  let sent = 0;
  while (performance.now() - start < secs * 1000) {
    const due = ((performance.now() - start) / 1000) * rate;
    while (sent < due) {
      const t0 = performance.now();
      void p.send(rec(t('a'), n++, t0 + pad)).then(() => acks.push(performance.now() - t0));
      sent++;
    }
    await new Promise((r) => setTimeout(r, 1));
  }
  while (got < n) await new Promise((r) => setTimeout(r, 5));
}
await paced(200, 4);
lat = [];
for (const k in H) delete H[k];
acks.length = 0;
const cpu = process.cpuUsage();
await paced(200, 10);
const used = process.cpuUsage(cpu);
console.log(
  '200/s hops',
  'ack p50',
  q(acks, 0.5),
  'p99',
  q(acks, 0.99),
  'e2e p50',
  q(lat, 0.5),
  'p99',
  q(lat, 0.99),
  'max',
  q(lat, 0.9999),
  'cpu s',
  (used.user + used.system) / 1e6,
  'of 15',
);
for (const [k, v] of Object.entries(H)) console.log(k, 'p50', q(v, 0.5), 'p90', q(v, 0.9), 'p99', q(v, 0.99));
if (process.argv[2]) process.exit();
const b0 = performance.now();
const N = 40000;
let inflight = 0;
for (let i = 0; i < N; i++) {
  inflight++;
  void p.send(rec(t('a'), n++, performance.now() + pad)).then(() => inflight--);
  if (inflight > 256) await new Promise((r) => setImmediate(r));
}
while (inflight) await new Promise((r) => setTimeout(r, 1));
console.log('ingress', Math.round(N / ((performance.now() - b0) / 1000)), '/s');
while (got < n) await new Promise((r) => setTimeout(r, 5));
console.log(
  'whole',
  Math.round(N / ((performance.now() - b0) / 1000)),
  '/s',
  'rss',
  Math.round(process.memoryUsage().rss / 1e6),
);
await Promise.all([tr.stop(), ro.stop(), di.stop()]);
await relay.stop();
process.exit();
