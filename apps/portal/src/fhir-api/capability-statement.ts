import type {
  CapabilityStatement,
  CapabilityStatementRestResource,
  CapabilityStatementRestResourceSearchParam,
} from 'fhir/r4.js';
import { ANSWER_CODES } from '#libs/domain';
import { FHIR_BASE, INCOMING_KINDS, maySay, messageDefinition, NOTICE_CODES } from '#libs/fhir';
import { RESOURCE_TYPES, type ResourceType } from '../view/row.ts';
import { declared, TYPES, type SearchParameter } from './search-parameters.ts';

/** When what is declared here last changed. */
const DATE = '2026-11-28';

const ROLES = ['ward', 'party'] as const;
const HTTP = { system: 'http://terminology.hl7.org/CodeSystem/message-transport', code: 'http' };

const FHIR_TYPE = {
  token: 'token',
  identifier: 'token',
  reference: 'reference',
  date: 'date',
  string: 'string',
} as const;

const parameterOf = (parameter: SearchParameter): CapabilityStatementRestResourceSearchParam => ({
  name: parameter.name,
  ...(parameter.definition === undefined ? {} : { definition: parameter.definition }),
  type: FHIR_TYPE[parameter.type],
  documentation: parameter.documentation,
});

const EXPLAIN = {
  name: 'explain',
  definition: `${FHIR_BASE}/OperationDefinition/explain`,
  documentation:
    'GET Communication/<id>/$explain: varför underrättelsen gick till sin mottagare, och med party=<id> varför en annan part ' +
    'inte fick den. Var och en ser sin del; operatören ser allt och anger skäl i x-reason.',
};

function resourceOf(type: ResourceType): CapabilityStatementRestResource {
  const definition = TYPES[type];
  const { documentation, include } = definition;
  return {
    type,
    documentation,
    interaction: [{ code: 'read' }, { code: 'search-type' }],
    versioning: 'versioned',
    readHistory: false,
    ...(type === 'Communication' ? { operation: [EXPLAIN] } : {}),
    ...(include.length === 0 ? {} : { searchInclude: include.map((name) => `${type}:${name}`) }),
    searchParam: declared(definition).map(parameterOf),
  };
}

const SECURITY =
  'Authorization: Bearer. Varje anropare ser bara det som har sänts till den, eller som den själv har uppgett.';

/** What this API can do, made from the very table by which it does it. @param base `http://host/fhir` */
export function capabilityStatement(base: string): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    url: `${FHIR_BASE}/CapabilityStatement/bryggan`,
    version: '1.0.0',
    name: 'Bryggan',
    title: 'Vad hubben kan',
    status: 'active',
    date: DATE,
    kind: 'instance',
    software: { name: 'Bryggan', version: '0.1.0' },
    implementation: { description: 'Bryggan, samverkan vid utskrivning i Stockholms län', url: base },
    fhirVersion: '4.0.1',
    format: ['application/fhir+json', 'json'],
    rest: [
      {
        mode: 'server',
        documentation:
          'Person- och reservnummer och personnamn får inte stå i en adress: använd POST _search. Okända parametrar ' +
          'ignoreras och saknas då i self, eller vägras med Prefer: handling=strict.',
        security: { cors: false, description: SECURITY },
        resource: RESOURCE_TYPES.map(resourceOf),
        operation: [
          {
            name: 'process-message',
            definition: 'http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message',
            documentation: 'Ett meddelande i taget, kvitteras i svaret, eller till response-url med async=true.',
          },
        ],
        searchParam: [
          {
            name: '_count',
            type: 'number',
            documentation: 'Träffar per sida: 50 om inget sägs, högst 200; 0 = bara antalet',
          },
          {
            name: '_sort',
            type: 'string',
            documentation: 'Stigande _lastUpdated om inget sägs; minustecken = fallande',
          },
          { name: '_summary', type: 'token', documentation: 'true, text, data, count eller false' },
          { name: '_elements', type: 'string', documentation: 'De element som önskas av träffarna' },
          { name: '_total', type: 'token', documentation: 'none, estimate eller accurate; räknas bara när det begärs' },
        ],
      },
    ],
    messaging: [
      {
        endpoint: [{ protocol: HTTP, address: `${base}/$process-message` }],
        documentation:
          'Samma meddelande får samma svar, för alltid: det känns igen på Bundle.id och MessageHeader.id. Vem som får ' +
          'skicka vad står i meddelandets definition; det som sänds ut läses på deliveries.<part>.',
        supportedMessage: [
          ...[...INCOMING_KINDS.keys()].flatMap((code) =>
            ROLES.filter((role) => maySay(code, role)).map((role) => ({
              mode: 'receiver' as const,
              definition: messageDefinition(code, role),
            })),
          ),
          ...[...NOTICE_CODES, ...ANSWER_CODES].map((code) => ({
            mode: 'sender' as const,
            definition: messageDefinition(code, 'out'),
          })),
        ],
      },
    ],
  };
}
