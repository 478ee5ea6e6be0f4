import type { Communication, DetectedIssue, Encounter, Organization, Patient, Task, Meta } from 'fhir/r4.js';
import type { Instant, Protection } from '#libs/domain';
import { securityLabels } from '#libs/fhir';

/** Types of resource that the portal shows; the order is that of the CapabilityStatement. */
export const RESOURCE_TYPES = [
  'Communication',
  'Encounter',
  'Task',
  'DetectedIssue',
  'Patient',
  'Organization',
] as const;
export type ResourceType = (typeof RESOURCE_TYPES)[number];

/** True for a type that the portal shows. */
export const isResourceType = (text: string | undefined): text is ResourceType =>
  RESOURCE_TYPES.some((type) => type === text);

/** What a view can show. */
export type ViewResource = Communication | Encounter | Task | DetectedIssue | Patient | Organization;

/** The columns that a search can ask about, whatever the type (search-parameters.ts says which parameter asks which). */
export interface SearchColumns {
  readonly status?: string | undefined;
  /** Code of the kind: category of a notice, code of a Task or a deviation; HSA-id of an organisation; a stay's visit id. */
  readonly code?: string | undefined;
  /** Id of the recipient of a notice, of the owner of a Task, of the party that a deviation is attributed to. */
  readonly actor?: string | undefined;
  /** Id of the stay that it is about. */
  readonly encounter?: string | undefined;
  /** Id of the person in this view. */
  readonly subject?: string | undefined;
  /** When it was sent, identified, or is due; ms. */
  readonly moment?: Instant | undefined;
  /** Words of a name, folded (columns.ts). */
  readonly name?: string | undefined;
}

/** A resource on its way into a view. */
export interface NewRow extends SearchColumns {
  /** Whose view it stands in; undefined while a receipt's stay is not known yet: the operator's alone. */
  readonly audience: string | undefined;
  readonly type: ResourceType;
  readonly id: string;
  /** How many versions it is further on, since the last write. Counted one by one, so that batching does not show. */
  readonly versions: number;
  /** The version that its writer gave it; a lower or equal one that comes later is old news. */
  readonly sourceVersion?: number | undefined;
  readonly updatedAt: Instant;
  readonly protection: Protection | undefined;
  /** JSON of the resource, without version, time of update and labels: these stand in the columns. */
  readonly body: string;
}

/** A resource as a view has it. */
export interface StoredRow extends SearchColumns {
  readonly type: ResourceType;
  readonly id: string;
  readonly version: number;
  readonly updatedAt: Instant;
  readonly protection: Protection | undefined;
  readonly body: string;
}

/**
 * The resource that a row shows: its body with version, time of update, labels and status as the columns have them.
 * A Communication's status is the one thing of it that changes (contract 4), so it is written into the column alone.
 */
export function composed(row: StoredRow): ViewResource {
  const resource = JSON.parse(row.body) as ViewResource;
  const security = securityLabels(row.protection);
  const restated = resource.resourceType === 'Communication' && row.status !== resource.status;
  // A profile speaks of the notice as it was sent; one entered in error need not follow it.
  const profile = restated ? undefined : resource.meta?.profile;
  const meta: Meta = {
    versionId: String(row.version),
    lastUpdated: new Date(row.updatedAt).toISOString(),
    ...(profile === undefined ? {} : { profile }),
    ...(security === undefined ? {} : { security }),
  };
  const whole = { ...resource, meta } as ViewResource;
  if (restated && whole.resourceType === 'Communication') whole.status = 'entered-in-error';
  return whole;
}
