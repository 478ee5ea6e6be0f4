export { RouterModule } from './router.module.ts';
export { RouterStage, type RouterParts } from './router-stage.ts';
export { DirectoryModule } from './directory/directory.controller.ts';
