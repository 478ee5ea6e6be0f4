import type { CodeableConcept, HumanName, Meta, Reference } from 'fhir/r4.js';
import type { Instant } from '#libs/domain';
import { EXTENSION, IDENTIFIER_SYSTEM, protectionOf } from '#libs/fhir';
import type { NewRow, SearchColumns, ViewResource } from './row.ts';

const codeOf = (concept: CodeableConcept | undefined) => concept?.coding?.[0]?.code;
const idOf = (ref: Reference | undefined) => ref?.reference?.split('/')[1];

function momentOf(text: string | undefined): Instant | undefined {
  const instant = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

const nameWords = (names: readonly HumanName[] | undefined) =>
  wordsOf((names ?? []).flatMap(({ given, family }) => [...(given ?? []), family ?? '']).join(' '));

/** What a search can ask of a resource; the one place where FHIR's elements become columns. */
function columnsOf(resource: ViewResource): SearchColumns {
  switch (resource.resourceType) {
    case 'Communication':
      return {
        status: resource.status,
        code: codeOf(resource.category?.[0]),
        actor: idOf(resource.recipient?.[0]),
        encounter: idOf(resource.encounter),
        subject: idOf(resource.subject),
        moment: momentOf(resource.sent),
      };
    case 'Encounter':
      return {
        status: resource.status,
        code: resource.identifier?.find(({ system }) => system === IDENTIFIER_SYSTEM.visit)?.value,
        encounter: resource.id,
        subject: idOf(resource.subject),
      };
    case 'Task':
      return {
        status: resource.status,
        code: codeOf(resource.code),
        actor: idOf(resource.owner),
        encounter: idOf(resource.encounter),
        moment: momentOf(resource.restriction?.period?.end),
      };
    case 'DetectedIssue':
      return {
        status: resource.status,
        code: codeOf(resource.code),
        actor: resource.extension?.find(({ url }) => url === EXTENSION.deviationParty)?.valueString,
        encounter: idOf(resource.implicated?.[0]),
        moment: momentOf(resource.identifiedDateTime),
      };
    case 'Patient':
      return { subject: resource.id, name: nameWords(resource.name) };
    case 'Organization':
      return { code: resource.identifier?.[0]?.value, name: wordsOf(resource.name ?? '') };
  }
}

/** The resource without what the columns hold, so that a label or a version is never told twice, or in two ways. */
function bodyOf(resource: ViewResource): string {
  const { profile } = resource.meta ?? {};
  const meta: Meta | undefined = profile === undefined ? undefined : { profile };
  return JSON.stringify({ ...resource, meta });
}

/**
 * A resource as a row of a view.
 * @param place whose view, since when (hub's clock, ms), and which version its writer gave it
 */
export function rowOf(
  resource: ViewResource,
  place: Pick<NewRow, 'audience' | 'updatedAt'> & Partial<Pick<NewRow, 'versions' | 'sourceVersion' | 'protection'>>,
): NewRow {
  return {
    ...columnsOf(resource),
    audience: place.audience,
    type: resource.resourceType,
    id: resource.id ?? '',
    versions: place.versions ?? 1,
    sourceVersion: place.sourceVersion,
    updatedAt: place.updatedAt,
    protection: place.protection ?? protectionOf(resource.meta),
    body: bodyOf(resource),
  };
}

/**
 * A name as search compares it: lower case, without marks, single spaces, a space in front of each word, so that
 * ` ab` finds a word that begins so (FHIR R4, search on strings: case and accents do not count).
 */
export function wordsOf(text: string): string {
  const plain = text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  return plain === '' ? '' : ` ${plain}`;
}
