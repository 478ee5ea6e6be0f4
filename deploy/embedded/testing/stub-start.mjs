// The launcher around the stand-in for the hub: what start.mjs does after its set-up.
import { join } from 'node:path';
import { kafkaJars } from '../jars.mjs';
import { launch } from '../launch.mjs';
import { node24, root } from '../setup.mjs';

const loader = join(root, 'test/hub/source-loader.mjs');
const args = [
  '--conditions=source',
  '--disable-warning=ExperimentalWarning',
  ...['--import', loader, join(import.meta.dirname, 'stub-main.ts'), await kafkaJars()],
];
process.exit(await launch({ node: node24, args, cwd: root, stateDir: process.env.BRYGGAN_DATA }));
