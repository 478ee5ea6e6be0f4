import 'reflect-metadata';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Controller, Get, HttpCode, Post, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { OperationOutcome } from 'fhir/r4.js';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Callers, type Caller } from '#libs/county';
import { createLog, fault, Health, Metrics, type HttpSettings } from '#libs/platform';
import { MOST_OF_ADDRESS } from './connections.ts';
import { MOST_BYTES_OF_CALLER } from './request-room.ts';
import { CurrentCaller, HTTP_APPLICATION, HttpModule, JsonBody, Operation, refuse } from './index.ts';

@Controller('things')
class Things {
  @Get('whose')
  @Operation('fhir')
  whose(@CurrentCaller() { name }: Caller): { name: string } {
    return { name };
  }

  @Post('body')
  @HttpCode(200)
  @Operation('operations-clock')
  body(@JsonBody() body: Readonly<Record<string, unknown>>): unknown {
    return { body };
  }

  @Get('bug')
  @Operation('fhir')
  bug(): never {
    throw new Error('secret 19121212-1212');
  }

  @Get('away')
  @Operation('fhir')
  away(): never {
    return refuse(fault('not-ready', 'router'));
  }

  @Get('forgotten')
  forgotten(): string {
    return 'nobody said who may';
  }
}

const CALLERS = new Callers([
  { name: 'operator', party: 'operator', roles: ['operator'], token: 'operator-token' },
  { name: '0184', party: '0184', roles: ['party'], token: 'party-token' },
]);
const OPERATOR = { authorization: 'Bearer operator-token' };
const PARTY = { authorization: 'Bearer party-token' };

interface Front {
  readonly url: string;
  readonly port: number;
  readonly metrics: Metrics;
  readonly health: Health;
  readonly lines: string[];
}

const open: INestApplication[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

async function front(settings: Partial<HttpSettings> = {}): Promise<Front> {
  const [metrics, health, lines] = [new Metrics(), new Health(), [] as string[]];
  const log = createLog({ level: 'info', destination: { write: (line: string) => void lines.push(line) } });
  const module = HttpModule.register({
    settings: { host: '127.0.0.1', port: 0, trustedProxies: [], requestsPerSecond: 10_000, ...settings },
    callers: CALLERS,
    health,
    log,
    metrics,
  });
  const app = await NestFactory.create(
    { module: class {}, imports: [module], controllers: [Things] },
    HTTP_APPLICATION,
  );
  open.push(app);
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return { url, port: Number(new URL(url).port), metrics, health, lines };
}

async function refusalIn(answer: Response): Promise<[number, string | undefined]> {
  expect(answer.headers.get('content-type')).toBe('application/fhir+json; charset=utf-8');
  const { resourceType, issue } = (await answer.json()) as OperationOutcome;
  expect(resourceType).toBe('OperationOutcome');
  return [answer.status, issue[0]?.details?.coding?.[0]?.code];
}

describe('the HTTP front', () => {
  it('lets in who may, and tells who it is', async () => {
    const { url } = await front();
    expect(await (await fetch(`${url}/things/whose`, { headers: PARTY })).json()).toEqual({ name: '0184' });
    const init = { method: 'POST', headers: OPERATOR, body: '{"a":"ä"}' };
    expect(await (await fetch(`${url}/things/body`, init)).json()).toEqual({ body: { a: 'ä' } });
  });

  it.each([
    ['nobody', 'GET', '/things/whose', {}, undefined, 401, 'BRY-3001'],
    ['a wrong token', 'GET', '/things/whose', { authorization: 'Bearer x' }, undefined, 401, 'BRY-3001'],
    ['another role', 'POST', '/things/body', PARTY, '{', 403, 'BRY-3002'],
    ['nobody, before the body is read', 'POST', '/things/body', {}, '{', 401, 'BRY-3001'],
    ['a body that is no JSON', 'POST', '/things/body', OPERATOR, '{"to": 191212121212', 400, 'BRY-3010'],
    ['a body that is no object', 'POST', '/things/body', OPERATOR, '[1]', 400, 'BRY-3010'],
    ['a large body', 'POST', '/things/body', OPERATOR, `"${'x'.repeat(70_000)}"`, 413, 'BRY-3011'],
    ['an unknown path', 'GET', '/nowhere/191212121212', OPERATOR, undefined, 404, 'BRY-3003'],
    ['an unknown path of FHIR', 'POST', '/fhir/x', {}, '{', 404, 'BRY-3003'],
    ['another method', 'DELETE', '/things/whose', OPERATOR, undefined, 404, 'BRY-3003'],
    ['a path that cannot be decoded', 'GET', '/health/%zz', {}, undefined, 404, 'BRY-3003'],
    ['NUL in the path', 'GET', '/things/%00', OPERATOR, undefined, 400, 'BRY-3014'],
    ['a control character in the query', 'GET', '/things/whose?a=%1f', PARTY, undefined, 400, 'BRY-3014'],
    ['C1 in the query', 'GET', '/things/whose?a=%C2%85', PARTY, undefined, 400, 'BRY-3014'],
    ['a handler that nobody named', 'GET', '/things/forgotten', OPERATOR, undefined, 403, 'BRY-3002'],
    ['a bug', 'GET', '/things/bug', PARTY, undefined, 500, 'BRY-9001'],
    ['a part that is away', 'GET', '/things/away', PARTY, undefined, 503, 'BRY-4001'],
  ])('refuses %s in the one shape', async (_name, method, path, headers, body, status, code) => {
    const { url } = await front();
    const init = { method, headers: headers as Record<string, string>, ...(body === undefined ? {} : { body }) };
    const answer = await fetch(url + path, init);
    const text = await answer.clone().text();
    expect(await refusalIn(answer)).toEqual([status, code]);
    expect(text).not.toMatch(/1212|secret|nowhere|Cannot/);
    if (status === 503) expect(answer.headers.get('retry-after')).toBe('2');
    if (status === 401) expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
  });

  it.each(['/health/live', '/health/ready', '/metrics', '/nowhere', '/things/whose'])(
    'has the headers of helmet on %s, no-store, and no X-Powered-By',
    async (path) => {
      const { headers } = await fetch((await front()).url + path, { headers: PARTY });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=\d{8}/);
      expect(headers.get('content-security-policy')).toContain("default-src 'self'");
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );

  it('answers a body that is much too large, though it is still being sent', async () => {
    const { port } = await front();
    const socket = connect(port, '127.0.0.1');
    const chunk = 'x'.repeat(65_536);
    socket.write(
      `POST /things/body HTTP/1.1\r\nhost: x\r\nauthorization: ${OPERATOR.authorization}\r\n` +
        `transfer-encoding: chunked\r\n\r\n10000\r\n${chunk}\r\n10000\r\n${chunk}\r\n`,
    );
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
    socket.destroy();
  });

  it('answers what is no HTTP in the same shape', async () => {
    const { port } = await front();
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nhost: x\r\nbad header\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 [\s\S]*"resourceType":"OperationOutcome"[\s\S]*BRY-3017/);
    socket.destroy();
  });

  it('tells its health, what is down, and its metrics', async () => {
    const { url, health } = await front();
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    const starting = await fetch(`${url}/health/ready`);
    expect([starting.status, starting.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await starting.json()).toEqual({ ok: false, checks: { hub: 'down' } });
    health.started();
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    await fetch(`${url}/nowhere`);
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(await metrics.text()).toContain('bryggan_http_refusals_total{code="BRY-3003"} 1');
  });

  it('shows its metrics through a proxy to the operator alone', async () => {
    const { url } = await front();
    const status = async (headers: Record<string, string>) => (await fetch(`${url}/metrics`, { headers })).status;
    const passedOn = { forwarded: 'for=192.0.2.7' };
    expect([await status(passedOn), await status({ ...passedOn, ...PARTY })]).toEqual([401, 403]);
    expect(await status({ ...passedOn, ...OPERATOR })).toBe(200);
  });

  it('bounds the requests of a caller within a second, and of nobody else', async () => {
    const { url } = await front({ requestsPerSecond: 1 });
    const ask = (headers: Record<string, string>) => fetch(`${url}/things/whose`, { headers });
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask(PARTY)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 429]));
    expect(refused[0]?.headers.get('retry-after')).toBe('2');
    expect(await refusalIn(refused[0]!)).toEqual([429, 'BRY-3016']);
    expect((await ask(OPERATOR)).status).toBe(200);
    const probes = async (count: number) => {
      const answers = await Promise.all(Array.from({ length: count }, () => fetch(`${url}/health/live`)));
      return new Set(answers.map(({ status }) => status));
    };
    expect(await probes(30)).toEqual(new Set([200]));
    while (!(await probes(300)).has(429));
  });

  it('refuses when the second is over and not before: who asks without end is refused once a second', async () => {
    const { url } = await front({ requestsPerSecond: 1 });
    const ask = async (): Promise<number> => (await fetch(`${url}/things/whose`, { headers: PARTY })).status;
    const begun = performance.now();
    let refusals = 0;
    while (refusals < 2) refusals += (await ask()) === 429 ? 1 : 0;
    // Two seconds have ended: the first may have been nearly over, the other was waited for whole.
    expect(performance.now() - begun).toBeGreaterThan(900);
  });

  it('counts what comes and not what is begun: who writes far ahead has used up its second', async () => {
    const { url, port } = await front({ requestsPerSecond: 10 });
    const ahead = `GET /things/whose HTTP/1.1\r\nhost: x\r\nauthorization: ${PARTY.authorization}\r\n\r\n`.repeat(50);
    const status = async (): Promise<number> => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write(ahead);
      await once(socket, 'close');
      return (await fetch(`${url}/things/whose`, { headers: PARTY })).status;
    };
    while ((await status()) !== 429);
    expect((await fetch(`${url}/things/whose`, { headers: OPERATOR })).status).toBe(200);
  });

  it.each([
    ['names no host', 'GET /health/live HTTP/1.1\r\n\r\n'],
    ['expects what is not in HTTP', 'GET /health/live HTTP/1.1\r\nhost: x\r\nexpect: 200-maybe\r\n\r\n'],
  ])('refuses in the one shape what Node would answer by itself: a request that %s', async (_, request) => {
    const socket = connect((await front()).port, '127.0.0.1');
    socket.write(request);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 [^]*BRY-3017/);
    socket.destroy();
  });

  it('bounds the connections of an address, and closes none that was there before', async () => {
    const { port, metrics, lines } = await front();
    const sockets: Socket[] = [];
    const closed = new Set<number>();
    for (let n = 0; n < MOST_OF_ADDRESS + 20; n++) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined).on('close', () => closed.add(n));
      sockets.push(socket);
      await once(socket, 'connect');
    }
    const refusals = () => lines.filter((line) => line.includes('http.connections-refused'));
    while (closed.size < 20) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(Math.min(...closed)).toBe(MOST_OF_ADDRESS);
    expect(await metrics.text()).toContain('bryggan_http_connections_refused_total 20');
    expect(refusals()).toHaveLength(1);
    sockets[0]?.write('GET /things/whose HTTP/1.1\r\nhost: x\r\nauthorization: Bearer party-token\r\n\r\n');
    const [answer] = (await once(sockets[0]!, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of sockets) socket.destroy();
  });

  it('bounds what the unfinished bodies of a caller hold, and of nobody else', async () => {
    const { port, url } = await front();
    // The last byte never comes.
    const body = Buffer.alloc(65_000, ' ');
    const head = `POST /things/body HTTP/1.1\r\nhost: x\r\nauthorization: Bearer operator-token\r\ncontent-length: 65001\r\n\r\n`;
    const sockets = Array.from({ length: Math.ceil(MOST_BYTES_OF_CALLER / 65_000) + 5 }, () => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write(head);
      socket.write(body);
      return socket;
    });
    const [answer] = (await Promise.race(sockets.map((socket) => once(socket, 'data')))) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 429 [^]*retry-after: 2/i);
    expect((await fetch(`${url}/things/whose`, { headers: PARTY })).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    const again = () => fetch(`${url}/things/body`, { method: 'POST', headers: OPERATOR, body: '{}' });
    while ((await again()).status !== 200) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('counts wrong tokens, tells of them once, slows them, and never a right one', async () => {
    const { url, metrics, lines } = await front();
    const wrong = () => fetch(`${url}/things/whose`, { headers: { authorization: 'Bearer 191212121212' } });
    const answers = await Promise.all(Array.from({ length: 30 }, wrong));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    expect((await fetch(`${url}/things/whose`, { headers: PARTY })).status).toBe(200);
    expect(await metrics.text()).toContain('bryggan_http_wrong_tokens_total 30');
    expect(lines.filter((line) => line.includes('http.wrong-tokens'))).toHaveLength(1);
    expect(lines.join('')).not.toContain('1212');
  });
});
