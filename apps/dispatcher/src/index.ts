export { DispatcherModule } from './dispatcher.module.ts';
export { DispatcherStage, type DispatcherParts } from './dispatcher-stage.ts';
