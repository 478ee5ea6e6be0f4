export { buildAppParts, prepareTopics, type AppParts } from './app-parts.ts';
export { runAlone, type AloneApp } from './run-alone.ts';
export { StageLife, atMostTwoSeconds } from './stage-life.ts';
