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
