import { embeddedProcess } from './run-embedded.ts';

await embeddedProcess(async () => {
  const { startHub } = await import('../../apps/hub/src/start-hub.ts');
  return startHub;
});
