import type { OperationDefinition, OperationDefinitionParameter } from 'fhir/r4.js';
import { FHIR_BASE } from '#libs/fhir';
import { definitionHead } from './closed-profile.ts';

/** Why a notice went to its recipient (rules 12.5), as the API answers it. */
const EXPLAIN = `${FHIR_BASE}/OperationDefinition/explain`;

/** A part of an answer whose own parts are texts. */
function partOf(name: string, max: '1' | '*', documentation: string, texts: readonly string[]) {
  return out(name, max, documentation, {
    part: texts.map((text) => out(text, '1', text, { type: 'string' })),
  });
}

function out(
  name: string,
  max: '1' | '*',
  documentation: string,
  more: Pick<OperationDefinitionParameter, 'type' | 'part'>,
): OperationDefinitionParameter {
  return { name, use: 'out', min: 0, max, documentation, ...more };
}

/** The operations of the API that FHIR itself does not have. */
export function operationDefinitions(): OperationDefinition[] {
  const documentation = 'En part som inte fick underrättelsen: svaret säger också varför inte.';
  return [
    {
      resourceType: 'OperationDefinition',
      ...definitionHead(
        EXPLAIN,
        'Varför en underrättelse gick till sin mottagare',
        'Uppgifterna med källa, reglerna i ordning med paragraf och dag, vilka som inte valdes, och vad som väntar eller hålls inne. Var och en ser sin del; operatören ser allt och anger skäl i huvudet x-reason.',
      ),
      kind: 'operation',
      affectsState: false,
      code: 'explain',
      resource: ['Communication'],
      ...{ system: false, type: false, instance: true },
      parameter: [
        { name: 'party', use: 'in', min: 0, max: '1', documentation, type: 'string' },
        {
          name: 'text',
          use: 'out',
          min: 1,
          max: '1',
          documentation: 'Hela svaret som text, för människor.',
          type: 'string',
        },
        partOf('told', '1', 'Underrättelsen; part why är skälen, en för varje regel.', [
          'kind',
          'recipient',
          'ground',
          'sent',
        ]),
        partOf('asked', '1', 'Den part som det frågades om.', ['party', 'text']),
        partOf('fact', '*', 'En uppgift.', ['fact', 'value', 'source']),
        partOf('rule', '*', 'En regel som tillämpades.', ['rule', 'basis', 'from']),
        partOf('not-chosen', '*', 'Den som kunde ha valts.', ['candidate', 'rule', 'text']),
        partOf('waiting', '*', 'Ett behov som en människa väljer mottagare för.', ['role', 'text']),
        partOf('withheld', '*', 'Det som hålls inne.', ['kind', 'recipient', 'text']),
        partOf('beside', '*', 'Den som nåddes per telefon, fax eller papper (TEK-02): det uppfyller ingen tidsgräns.', [
          'recipient',
          'kind',
          'channel',
          'at',
        ]),
      ],
    },
  ];
}
