import type { OperationDefinition, OperationDefinitionParameter } from 'fhir/r4.js';
import { FHIR_BASE } from '#libs/fhir';
import { definitionHead } from './closed-profile.ts';

/** Why a notice went to its recipient (rules 12.5), as the API answers it. */
const EXPLAIN = `${FHIR_BASE}/OperationDefinition/explain`;

type Parameter = OperationDefinitionParameter;

const text = (name: string, min: 0 | 1 = 1): Parameter => out(name, min, '1', name, { type: 'string' });
const instant = (name: string, min: 0 | 1 = 1): Parameter => out(name, min, '1', name, { type: 'instant' });

function partOf(name: string, min: 0 | 1, max: '1' | '*', documentation: string, part: Parameter[]): Parameter {
  return out(name, min, max, documentation, { part });
}

function out(
  name: string,
  min: 0 | 1,
  max: '1' | '*',
  documentation: string,
  more: Pick<Parameter, 'type' | 'part'>,
): Parameter {
  return { name, use: 'out', min, max, documentation, ...more };
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
        out('text', 1, '1', 'Hela svaret som text, för människor.', { type: 'string' }),
        partOf('told', 1, '1', 'Underrättelsen, och varför den återtogs om den har återtagits.', [
          ...['kind', 'recipient', 'ground'].map((name) => text(name)),
          text('withdrawn', 0),
          instant('sent'),
          partOf('why', 0, '*', 'Ett skäl, med regeln.', [text('rule'), text('text')]),
        ]),
        partOf('decided', 0, '1', 'Beslutet: katalogens version, dagen, och när hubben visste det.', [
          ...[text('directory'), text('date')],
          instant('at', 0),
        ]),
        out('folded', 0, '1', 'Sant när beslutets underlag är äldre än vad vårdtillfällets post har kvar.', {
          type: 'boolean',
        }),
        partOf('asked', 0, '1', 'Den part som det frågades om.', [text('party'), text('text')]),
        partOf('fact', 0, '*', 'En uppgift.', [text('fact'), text('value'), text('source')]),
        partOf('rule', 0, '*', 'En regel som tillämpades.', [text('rule'), text('basis'), text('from')]),
        partOf('not-chosen', 0, '*', 'Den som kunde ha valts.', [text('candidate'), text('rule'), text('text')]),
        partOf('waiting', 0, '*', 'Ett behov som en människa väljer mottagare för.', [text('role'), text('text')]),
        partOf('withheld', 0, '*', 'Det som hålls inne.', [text('kind'), text('recipient'), text('text')]),
        partOf(
          ...(['beside', 0, '*'] as const),
          'Den som nåddes per telefon, fax eller papper (TEK-02): det uppfyller ingen tidsgräns.',
          [text('recipient'), text('kind', 0), text('channel', 0), instant('at')],
        ),
      ],
    },
  ];
}
