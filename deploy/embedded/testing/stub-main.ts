// The embedded process around a stand-in for the hub, for the tests of starting and stopping.
import { createServer } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import pg from 'pg';
import { processConfiguration } from '#libs/platform';
import type { HubParts, RunningHub } from '../hub-start.ts';
import { embeddedProcess } from '../run-embedded.ts';

/** Listens where the hub would, and answers on HTTP whether PostgreSQL answers it. */
async function startHub(parts: HubParts): Promise<RunningHub> {
  const {
    http: { port: httpPort },
    mllp: { port: mllpPort },
  } = processConfiguration({ embedded: true });
  const pool = new pg.Pool({ connectionString: parts.databaseUrl, connectionTimeoutMillis: 500, query_timeout: 500 });
  pool.on('error', () => undefined);
  const http = createServer((_request, response) => {
    pool.query('select 1').then(
      () => response.writeHead(200).end(),
      () => response.writeHead(503).end(),
    );
  });
  const mllp = createTcpServer();
  await new Promise<void>((resolve) => http.listen(httpPort, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => mllp.listen(mllpPort, '127.0.0.1', resolve));
  return {
    addresses: { http: `http://127.0.0.1:${httpPort}`, mllp: `127.0.0.1:${mllpPort}` },
    async stop() {
      // A hub whose event loop is stuck: it can neither stop itself nor its parts.
      while (process.env['STUB_BLOCKS'] === 'yes');
      http.close();
      mllp.close();
      await pool.end();
    },
  };
}

await embeddedProcess(process.env['STUB_PARTS_ALONE'] === 'yes' ? undefined : () => Promise.resolve(startHub));
