export { buildAppParts, connectKafkaOf, prepareTopics, type AppParts } from './app-parts.ts';
export { countBatches, measureBacklog } from './backlog.ts';
export { DIRECTORY_SCHEMA, DirectoryStore, type StoredVersion } from './directory-store.ts';
export { openDirectory, type FollowedDirectory } from './follow-directory.ts';
export { Rounds, type Beside } from './rounds.ts';
export { StageLife, StartRefused } from './stage-life.ts';
export { allReady, IDLE_MS, PlainStage, together, type Reading, type Stage } from './stage.ts';
