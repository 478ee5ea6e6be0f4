export {
  DISPATCHER_CONSUMER,
  DispatcherModule,
  type DispatcherParts,
  DispatcherStage,
} from './dispatcher.controller.ts';
