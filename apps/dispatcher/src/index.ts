export type { DispatcherParts } from './dispatcher-parts.ts';
export { DispatcherStage } from './dispatcher-stage.ts';
export { DISPATCHER_MIGRATIONS, DISPATCHER_SCHEMA } from './dispatcher-schema.ts';
