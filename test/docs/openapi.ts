import { PERMISSIONS } from '#libs/http';
import { capabilityStatement } from '../../apps/portal/src/fhir-api/capability-statement.ts';
import { routes, type Route } from './routes.ts';

type Json = Readonly<Record<string, unknown>>;

const REFUSAL = {
  description: 'Refused: why, as a coded error of the table, and what helps.',
  content: { 'application/fhir+json': { schema: { $ref: '#/components/schemas/OperationOutcome' } } },
};
const RESOURCE = { type: 'object', required: ['resourceType'], properties: { resourceType: { type: 'string' } } };

/** schemas/openapi.json, freshly made: the routes, their parameters and who may ask are those of the code. */
export async function openApi(): Promise<Json> {
  const all = await routes();
  const paths = new Map<string, Json>();
  const add = (path: string, method: string, operation: Json): void => {
    paths.set(path, { ...paths.get(path), [method]: operation });
  };
  // Pages are for people, whose browser knows what to ask.
  for (const route of all.filter(({ method, operation }) => method !== 'ALL' && operation !== 'pages')) {
    add(route.path.replace(/:(\w+)/g, '{$1}'), route.method.toLowerCase(), operationOf(route));
  }
  addFhir(add);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Bryggan',
      version: '0.1.0',
      description:
        'Made from the code by `npm run documents`. Below /fhir GET /fhir/metadata says the same in FHIR. No person number and no ' +
        'name may stand in an address.',
    },
    security: [{ token: [] }],
    paths: Object.fromEntries([...paths].sort(([a], [b]) => (a < b ? -1 : 1))),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: 'The token of a caller.' } },
      schemas: {
        OperationOutcome: {
          ...RESOURCE,
          required: ['resourceType', 'issue'],
          properties: {
            resourceType: { const: 'OperationOutcome' },
            issue: { type: 'array', minItems: 1, items: { type: 'object', required: ['severity', 'code', 'details'] } },
          },
        },
        Resource: RESOURCE,
      },
    },
  };
}

function operationOf({ path, operation, description, status, query, headers }: Route): Json {
  const who = operation === undefined ? [] : PERMISSIONS[operation];
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true }));
  const parameters = [
    ...inPath,
    ...query.map((name) => ({ name, in: 'query', required: false })),
    ...headers.map((name) => ({ name, in: 'header', required: true })),
  ].map((parameter) => ({ ...parameter, schema: { type: 'string' } }));
  const body = description?.body;
  return {
    ...(operation !== undefined && { operationId: operation }),
    ...(description && { summary: description.summary }),
    description: `Who may: ${typeof who === 'string' ? who : who.join(', ')}.`,
    ...(who === 'anyone' && { security: [] }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: {
      [status]: { description: 'Done.', ...(description && { content: contentOf(description.answer) }) },
      default: REFUSAL,
    },
  };
}

function contentOf(schemas: Readonly<Record<string, unknown>>): Json {
  return Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [type, { schema }]));
}

/** Below /fhir the routing is FHIR's: what can be asked there is what the CapabilityStatement declares. */
function addFhir(add: (path: string, method: string, operation: Json) => void): void {
  const answer = {
    200: {
      description: 'Found.',
      content: { 'application/fhir+json': { schema: { $ref: '#/components/schemas/Resource' } } },
    },
    default: REFUSAL,
  };
  add('/fhir/metadata', 'get', { summary: 'What the API can do', security: [], responses: answer });
  for (const { type, searchParam = [], documentation, operation = [] } of capabilityStatement('/fhir').rest?.[0]
    ?.resource ?? []) {
    const parameters = searchParam.map(({ name, documentation: description }) => ({
      ...{ name, in: 'query', required: false, description },
      schema: { type: 'string' },
    }));
    add(`/fhir/${type}`, 'get', { summary: documentation, parameters, responses: answer });
    add(`/fhir/${type}/_search`, 'post', {
      summary: `${documentation ?? type}; parameters in the body, persons too`,
      requestBody: { required: true, content: { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } } },
      responses: answer,
    });
    const id = [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }];
    add(`/fhir/${type}/{id}`, 'get', { summary: documentation, parameters: id, responses: answer });
    for (const { name, documentation: summary } of operation)
      add(`/fhir/${type}/{id}/$${name}`, 'get', { summary, parameters: id, responses: answer });
  }
}
