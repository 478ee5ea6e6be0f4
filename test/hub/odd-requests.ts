import { Agent, request as ask, type IncomingHttpHeaders } from 'node:http';

/** A request as a stranger may write it; the path as it goes over the wire. */
export interface OddRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const CONNECTIONS = 32;
/** Stands in values, and may not come back in any refusal. */
const MARK = 'hemligt';

const PATHS = [
  ...[
    '/fhir',
    '/fhir/',
    '/fhir/metadata',
    '/FHIR/Communication',
    '/fhir//Communication',
    '/',
    '/health/live',
    '/metrics',
  ],
  ...[
    'Communication',
    'Encounter',
    'Task',
    'DetectedIssue',
    'Patient',
    'Organization',
    'Appointment',
    'constructor',
  ].flatMap((type) =>
    ['', '/x', '/_search', `/${MARK}`, '/%00', '/%zz', '/a/_history/1'].map((rest) => `/fhir/${type}${rest}`),
  ),
  ...['/operations/clock', '/operations/stages', '/operations/traces/x', '/operations/__proto__', '/operations'],
];
const NAMES = [
  ...['category', 'status', '_id', 'sent', '_lastUpdated', 'encounter', 'subject', 'recipient', 'identifier', 'name'],
  ...['code', 'owner', 'period', 'focus', 'identified', 'implicated', 'patient.identifier', 'subject:identifier'],
  ...['_count', '_sort', '_include', '_summary', '_elements', '_total', '_format', '_pretty', '_contained', '_cursor'],
  ...[
    '_revinclude',
    '_has:Task:focus:code',
    '_filter',
    'category:not',
    'constructor',
    '__proto__',
    'toString',
    '',
    '=',
    'å',
  ],
];
const VALUES = [
  ...[
    'INS',
    'UTS,INS',
    'https://bryggan.example/fhir/CodeSystem/notice|',
    '|INS',
    'a\\,b',
    '\\',
    '|',
    '||',
    ',',
    ',,,',
  ],
  ...[
    'ge2026-05-10',
    'le9999-12-31T23:59:59.9999999Z',
    'ne2026',
    'sa0000',
    'ap2026-05-10',
    '2026-02-30',
    'eb0001-01-01',
  ],
  ...[
    '0',
    '1',
    '200',
    '-1',
    '1e9',
    '99999999999999999999',
    'NaN',
    'true',
    'false',
    'count',
    'text',
    'data',
    'accurate',
  ],
  ...[
    '_lastUpdated',
    '-sent',
    'Communication:subject',
    'Communication:subject:Patient',
    'Task:owner',
    '*',
    'json',
    'xml',
  ],
  ...[
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    '\0',
    'a\u0000b',
    '\u0085',
    '\u001b[31m',
    '\u202e',
    '😀',
    'ＩＮＳ',
  ],
  ...["' or 1=1 --", '$1', '%', '_', '{"a":1}', '<script>', '../../etc/passwd', 'x'.repeat(3000), '1,'.repeat(1500)],
  ...['19121212-1212', '1212121212', '121212+1212', '191212121212', MARK],
];
const ENCODED = ['%zz', '%', '%c0%80', '%u0041', '%ff', '%2500', '%ed%a0%80', '+', '&&&', '=', ';'];
const METHODS = ['GET', 'GET', 'GET', 'GET', 'POST', 'POST', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'];
const HEADERS: Readonly<Record<string, readonly string[]>> = {
  accept: [
    '*/*',
    'application/fhir+json; fhirVersion=4.0.1',
    'application/fhir+json;q=0',
    'text/html',
    ';;;',
    '"',
    'a'.repeat(4000),
  ],
  prefer: ['handling=strict', 'handling=lenient', 'handling=', 'handling="strict"', '=;,'],
  'content-type': [
    'application/x-www-form-urlencoded',
    'application/json',
    'application/fhir+json',
    'multipart/form-data',
    '',
  ],
  'if-none-match': ['*', 'W/"1"', '"', ','.repeat(500)],
  forwarded: ['for=192.0.2.7;host=evil.example;proto=https', 'for="', '='],
  host: ['a b', 'hub.example', '[::1', 'x'.repeat(300)],
  'x-reason': ['Klagom\u00e5l', ' '],
  range: ['bytes=0-'],
  'x-http-method-override': ['DELETE'],
};
const BODIES = [
  '{',
  '[]',
  'null',
  '{"to":"2026-05-10"}',
  '{"__proto__":{"x":1}}',
  '{"stop":["constructor"]}',
  '"x"',
  '\0',
  'a'.repeat(70_000),
];

/**
 * Requests of a stranger, the same for the same numbers.
 * @param draw numbers from 0 to 1
 * @param tokens those that callers have; wrong and missing ones are drawn as well
 */
function oddRequest(draw: () => number, tokens: readonly string[]): OddRequest {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(draw() * list.length)]!;
  const value = () =>
    draw() < 0.1 ? pick(ENCODED) : encodeURIComponent(draw() < 0.15 ? mutated(pick(VALUES), draw) : pick(VALUES));
  const pairs = (most: number) =>
    Array.from({ length: Math.floor(draw() ** 3 * most) }, () => `${encodeURIComponent(pick(NAMES))}=${value()}`).join(
      '&',
    );
  const method = pick(METHODS);
  const query = draw() < 0.7 ? `?${pairs(8).slice(0, 6000)}` : '';
  const body = draw() < 0.7 ? pairs(draw() < 0.05 ? 3000 : 8) : pick(BODIES);
  const odd = Object.entries(HEADERS).filter(() => draw() < 0.2);
  const authorization =
    draw() < 0.98 ? `Bearer ${pick(tokens)}` : pick(['Bearer x', 'Basic eDp5', 'Bearer', `Bearer ${MARK}`]);
  return {
    method,
    path: pick(PATHS) + query,
    headers: {
      ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      ...Object.fromEntries(odd.map(([name, values]) => [name, pick(values)])),
      ...(draw() < 0.95 ? { authorization } : {}),
    },
    ...(method === 'POST' || draw() < 0.05 ? { body } : {}),
  };
}

function mutated(text: string, draw: () => number): string {
  const at = Math.floor(draw() * (text.length + 1));
  const odd = String.fromCharCode(Math.floor(draw() * (draw() < 0.5 ? 0x80 : 0xd800)));
  return (text.slice(0, at) + odd + text.slice(at + (draw() < 0.5 ? 1 : 0))).toWellFormed();
}

export interface OddAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends odd requests over a few connections that are kept. */
export class OddClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  readonly #port: number;

  constructor(port: number) {
    this.#port = port;
  }

  /** @throws Error when there is no answer at all */
  send({ method, path, headers, body = '' }: OddRequest): Promise<OddAnswer> {
    // Node sends the body of some methods without its length: that would be another request.
    const length = { 'content-length': `${Buffer.byteLength(body)}` };
    return new Promise((resolve, reject) => {
      const sent = ask(
        { host: '127.0.0.1', port: this.#port, agent: this.#agent, method, path, headers: { ...headers, ...length } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => {
            resolve({
              status: answer.statusCode ?? 0,
              headers: answer.headers,
              text: Buffer.concat(chunks).toString('utf8'),
            });
          });
        },
      );
      sent.on('error', reject);
      sent.end(body);
    });
  }

  close(): void {
    this.#agent.destroy();
  }
}

/** What is wrong with an answer, whatever was asked; undefined when nothing is. */
function oddityOf({ method }: OddRequest, { status, headers, text }: OddAnswer): string | undefined {
  if (headers['x-content-type-options'] !== 'nosniff' || headers['cache-control'] !== 'no-store') return 'headers';
  if (headers['x-powered-by'] !== undefined) return 'x-powered-by';
  if (status < 400) return /"link":\[[^\]]*(?:1212-?1212|1212%2B1212)/.test(text) ? 'a person in a link' : undefined;
  if (status >= 500 && status !== 503) return 'a fault of our own';
  if ((status === 503 || status === 429) && headers['retry-after'] === undefined) return 'no Retry-After';
  if (headers['content-type'] !== 'application/fhir+json; charset=utf-8') return 'another shape';
  if (method === 'HEAD') return undefined;
  const outcome = JSON.parse(text) as {
    resourceType?: string;
    issue?: { details?: { coding?: { code?: string }[] } }[];
  };
  const code = outcome.issue?.[0]?.details?.coding?.[0]?.code ?? '';
  if (outcome.resourceType !== 'OperationOutcome' || !/^BRY-\d{4}$/.test(code)) return 'another shape';
  return text.includes(MARK) || /1212-?1212/.test(text) ? 'content' : undefined;
}

/** What a storm of odd requests came to. */
export interface Storm {
  readonly statuses: ReadonlyMap<number, number>;
  /** The first answers that were wrong, with what was asked. */
  readonly wrong: readonly { readonly oddity: string; readonly request: OddRequest; readonly answer: OddAnswer }[];
}

/** Sends so many odd requests over 32 connections. The same seed draws the same requests, whoever is answered first. */
export async function storm(
  client: OddClient,
  draw: () => number,
  tokens: readonly string[],
  count: number,
): Promise<Storm> {
  const statuses = new Map<number, number>();
  const wrong: { oddity: string; request: OddRequest; answer: OddAnswer }[] = [];
  let left = count;
  const worker = async (): Promise<void> => {
    while (left-- > 0 && wrong.length < 10) {
      const request = oddRequest(draw, tokens);
      const answer = await client.send(request);
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const oddity = oddityOf(request, answer);
      if (oddity !== undefined) wrong.push({ oddity, request, answer });
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return { statuses, wrong };
}
