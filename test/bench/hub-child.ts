import { startHub, type HubParts } from '../../apps/hub/src/start-hub.ts';
import { memoryUse, serve, told } from './child.ts';

/** The hub as `npm start` runs it, on the parts that it is told of. */
const hub = await startHub(told() as HubParts);
serve({ ready: hub.addresses, answers: { memory: memoryUse }, stop: () => hub.stop() });
