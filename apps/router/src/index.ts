export { RouterModule } from './router.module.ts';
export { RouterStage, type RouterParts } from './router-stage.ts';
export { ROUTER_MIGRATIONS, ROUTER_SCHEMA } from './router-schema.ts';
