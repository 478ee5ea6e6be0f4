import type { OperationDefinition, OperationDefinitionParameter, Parameters, ParametersParameter } from 'fhir/r4.js';
import { textOf } from './project-files.ts';

/**
 * What is wrong with the answer of an operation of ours by its OperationDefinition under `schemas/fhir`: parameters that are not
 * declared, that are there too seldom or too often, and values of another type, at any depth.
 * @param code of the operation, `explain`
 * @returns places and reasons; empty when the answer is as declared
 */
export function operationBreaches(code: string, answer: Parameters): string[] {
  const text = textOf(`schemas/fhir/operation-definitions/${code}.json`);
  const { parameter = [] } = JSON.parse(text) as OperationDefinition;
  const outputs = parameter.filter(({ use }) => use === 'out');
  return breachesIn(answer.parameter ?? [], outputs, '');
}

function breachesIn(
  stated: readonly ParametersParameter[],
  declared: readonly OperationDefinitionParameter[],
  within: string,
): string[] {
  const unknown = stated.filter(({ name }) => !declared.some((one) => one.name === name));
  return [
    ...unknown.map(({ name }) => `${within}${name} is not declared`),
    ...declared.flatMap((one) => {
      const place = `${within}${one.name}`;
      const all = stated.filter(({ name }) => name === one.name);
      const isCounted = all.length >= one.min && (one.max === '*' || all.length <= Number(one.max));
      return [
        ...(isCounted ? [] : [`${place} is there ${all.length} times, not ${one.min}..${one.max}`]),
        ...all.flatMap((each) => [
          ...typeBreaches(each, one, place),
          ...breachesIn(each.part ?? [], one.part ?? [], `${place}.`),
        ]),
      ];
    }),
  ];
}

/** Its value is named by its type: `valueInstant`; one of parts has none. */
function typeBreaches(stated: ParametersParameter, { type }: OperationDefinitionParameter, place: string): string[] {
  const expected = type === undefined ? [] : [`value${type.charAt(0).toUpperCase()}${type.slice(1)}`];
  const values = Object.keys(stated).filter((key) => key.startsWith('value'));
  return values.join() === expected.join()
    ? []
    : [`${place} has ${values.join() || 'no value'}, not ${expected.join() || 'parts'}`];
}
