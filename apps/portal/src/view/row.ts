import type { Communication, DetectedIssue, Encounter, Organization, Patient, Task } from 'fhir/r4.js';
import type { Instant, Protection } from '#libs/domain';
import type { ResourceType } from './resource-type.ts';

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
  /** Words of a name, folded (name-words.ts). */
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
