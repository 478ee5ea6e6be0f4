import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, HttpCode, Inject, Post, Req, Res, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { ServerResponse } from 'node:http';
import { Callers, type Caller } from '#libs/county';
import { fault, Health, Metrics, silentLog } from '#libs/platform';
import { CurrentCaller, DirectHandlers, HTTP_APPLICATION, HttpModule, Operation, readBody, refuse } from './index.ts';
import type { HttpRequest } from './http-request.ts';

@Controller('things')
class Things {
  /** By which way each request came to the handler. */
  static readonly ways: string[] = [];

  constructor(@Inject(DirectHandlers) direct: DirectHandlers) {
    direct.add('POST /things/said', [this, 'said'], (request, response, caller) => {
      Things.ways.push('direct');
      return this.#answer(request, response, caller);
    });
    direct.add('POST /things/forgotten', [this, 'forgotten'], (...asked) => this.#answer(...asked));
  }

  /** No line of the table is named for it. */
  @Post('forgotten')
  forgotten(): string {
    return 'nobody said who may';
  }

  @Post('said')
  @HttpCode(200)
  @Operation('operations-clock')
  said(@Req() request: HttpRequest, @Res() response: ServerResponse, @CurrentCaller() caller: Caller): Promise<void> {
    Things.ways.push('nest');
    return this.#answer(request, response, caller);
  }

  async #answer(request: HttpRequest, response: ServerResponse, { name }: Caller): Promise<void> {
    const body = await readBody(request, 100);
    if (body === 'bug') throw new Error('secret');
    if (body === 'away') refuse(fault('not-ready'));
    response.end(`${name}: ${body}`);
  }
}

const OPERATOR = { authorization: 'Bearer operator-token' };
const CALLERS = new Callers([
  { name: 'operator', party: 'operator', roles: ['operator'], token: 'operator-token' },
  { name: '0184', party: '0184', roles: ['party'], token: 'party-token' },
]);

describe('a handler that is reached directly', () => {
  let app: INestApplication;
  let url = '';
  beforeAll(async () => {
    const settings = { host: '127.0.0.1', port: 0, trustedProxies: [], requestsPerSecond: 1000 };
    const front = HttpModule.register({
      ...{ settings, callers: CALLERS, health: new Health(), log: silentLog, metrics: new Metrics() },
    });
    app = await NestFactory.create({ module: class {}, imports: [front], controllers: [Things] }, HTTP_APPLICATION);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  async function told(address: string, init: RequestInit): Promise<unknown> {
    const response = await fetch(`${url}${address}`, { method: 'POST', ...init });
    const headers = Object.fromEntries([...response.headers].filter(([name]) => name !== 'date'));
    return { status: response.status, headers, body: await response.text() };
  }

  it.each<[string, RequestInit, number, string[]]>([
    ['what its caller asks', { headers: OPERATOR, body: 'ä' }, 200, ['direct', 'nest', 'nest']],
    ['nobody', { body: 'x' }, 401, []],
    ['a wrong token', { headers: { authorization: 'Bearer x' }, body: 'x' }, 401, []],
    ['another role', { headers: { authorization: 'Bearer party-token' }, body: 'x' }, 403, []],
    ['a large body', { headers: OPERATOR, body: 'x'.repeat(101) }, 413, ['direct', 'nest', 'nest']],
    ['a bug', { headers: OPERATOR, body: 'bug' }, 500, ['direct', 'nest', 'nest']],
    ['what is away', { headers: OPERATOR, body: 'away' }, 503, ['direct', 'nest', 'nest']],
    ['another method', { headers: OPERATOR, method: 'PUT', body: 'x' }, 404, []],
  ])('answers %s as by way of Nest, with the same headers', async (_, init, status, ways) => {
    Things.ways.length = 0;
    const direct = await told('/things/said', init);
    expect(direct).toMatchObject({ status, headers: { 'cache-control': 'no-store', 'x-frame-options': 'SAMEORIGIN' } });
    expect(await told('/things/said?by=nest', init)).toEqual(direct);
    expect(await told('/Things/said/', init)).toEqual(direct);
    expect(Things.ways).toEqual(ways);
  });

  it('is nobody’s when no line of the table is named for it', async () => {
    const init = { headers: OPERATOR, body: 'x' };
    expect(await told('/things/forgotten', init)).toMatchObject({ status: 403 });
    expect(await told('/things/forgotten', init)).toEqual(await told('/things/forgotten?by=nest', init));
  });
});
