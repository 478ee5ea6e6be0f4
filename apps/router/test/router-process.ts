import { connectStages } from '#libs/hosting';
import { RouterModule } from '../src/router.controller.ts';
import { RouterStage } from '../src/router-stage.ts';
import { partsAt, type Place } from './harness.ts';

/** A router in a process of its own, to be stopped and killed. In: a `Place` as JSON in the last argument. Says `up` when it has joined. */
const place = JSON.parse(process.argv.at(-1) ?? '') as Place;
const parts = partsAt(place, (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(3);
});
const stage = new RouterStage(parts);
const app = await connectStages(RouterModule.register(parts, stage), [stage]);
await app.startAllMicroservices();
await stage.joined();
process.stdout.write('up\n');
