import type { Meta } from 'fhir/r4.js';
import { securityLabels } from '#libs/fhir';
import type { StoredRow, ViewResource } from './row.ts';

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
