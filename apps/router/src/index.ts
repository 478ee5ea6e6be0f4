export { RouterModule } from './router.controller.ts';
export { RouterStage, type RouterParts } from './router-stage.ts';
export { DirectoryModule } from './directory/directory.controller.ts';
