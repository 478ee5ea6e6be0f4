import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { serve } from './child.ts';

/** As many bytes as an acknowledgement of ours has. */
const ANSWER = Buffer.from(JSON.stringify({ text: 'x'.repeat(1_000) }));

/** What HTTP itself costs: reads a body, parses it and answers, with nothing stored and nobody asked who calls. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => void chunks.push(chunk));
  request.on('end', () => {
    JSON.parse(Buffer.concat(chunks).toString('utf8'));
    response.writeHead(200, { 'content-type': 'application/fhir+json', 'content-length': ANSWER.length });
    response.end(ANSWER);
  });
});
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve);
});
serve({
  ready: { http: `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
  answers: {},
  stop() {
    server.closeAllConnections();
    server.close();
    return Promise.resolve();
  },
});
