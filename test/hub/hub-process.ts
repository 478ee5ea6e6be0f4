import { startHub, type HubParts } from '../../apps/hub/src/start-hub.ts';

/**
 * A hub in a process of its own, so that a test can kill it. In: its parts as JSON in the last argument, its settings in the
 * environment. Says `ready` to its parent; ends on SIGTERM, or when the parent is gone.
 */
const parts = JSON.parse(process.argv.at(-1) ?? '') as HubParts;
process.on('disconnect', () => process.exit(2));
const hub = await startHub(parts);
process.once('SIGTERM', () => {
  void hub.stop().then(() => process.exit(0));
});
process.send?.('ready');
