import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HubClient } from './hub-client.ts';

/** Answers of a hub, by the path and query asked for; what is not here is not there. */
const ANSWERS: Readonly<Record<string, unknown>> = {
  '/fhir/Task?_count=200': {
    entry: [{ resource: { resourceType: 'Task', id: '1' } }, { resource: { resourceType: 'OperationOutcome' } }],
    link: [{ relation: 'next', url: '/fhir/Task?after=1' }],
  },
  '/fhir/Task?after=1': { entry: [{ resource: { resourceType: 'Task', id: '2' } }] },
  '/fhir/Task?_sort=-_lastUpdated&_count=50': {
    entry: [{ resource: { resourceType: 'Task', id: '9' } }],
    link: [{ relation: 'next', url: '/fhir/no-page-that-is-asked-for' }],
  },
  '/fhir/Task/1': { resourceType: 'Task', id: '1' },
};
const NOT_THERE = {
  issue: [{ details: { coding: [{ code: 'not-found' }] }, expression: ['id'] }],
};

describe("the hub's callers", () => {
  let server: Server;
  let base: string;
  let client: HubClient;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const known = ANSWERS[request.url ?? ''];
      const status = request.headers.authorization !== 'Bearer t-1' ? 401 : known === undefined ? 404 : 200;
      // Links of a Bundle are absolute on the Host that was asked.
      const body = JSON.stringify(known ?? NOT_THERE).replace('"url":"', `"url":"${base}`);
      response.writeHead(status, { 'content-type': 'application/fhir+json' }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = new HubClient(`${base}/`, new Map([['operator', 't-1']]));
  });

  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('see all pages of a search, and of each only what was asked for', async () => {
    expect((await client.search('operator', 'Task')).map(({ id }) => id)).toEqual(['1', '2']);
  });

  it('see the first page alone where the latest are wanted', async () => {
    expect((await client.latest('operator', 'Task')).map(({ id }) => id)).toEqual(['9']);
  });

  it('read what is there, and nothing where it is not', async () => {
    expect(await client.read('operator', 'Task', '1')).toMatchObject({ id: '1' });
    expect(await client.read('operator', 'Task', '3')).toBeUndefined();
  });

  it('are told by status, code and place what was refused', async () => {
    await expect(client.search('operator', 'Encounter')).rejects.toThrow('search Encounter: HTTP 404 not-found id');
    await expect(client.settle()).rejects.toThrow('/operations/settle: HTTP 404 not-found id');
    await expect(client.read('stranger', 'Task', '1')).rejects.toMatchObject({ status: 401 });
  });
});
