export type { RouterParts } from './router-parts.ts';
export { RouterModule } from './router.module.ts';
export { RouterStage } from './router-stage.ts';
export { ROUTER_MIGRATIONS, ROUTER_SCHEMA } from './router-schema.ts';
