export { DispatcherModule } from './dispatcher.module.ts';
export { DISPATCHER_CONSUMER, DispatcherStage, type DispatcherParts } from './dispatcher-stage.ts';
