// `npm run start:<app>`, and other programs of ours: node deploy/embedded/run.mjs <built file> [arguments].
// Installs and builds what is missing, then runs the file on Node 24 and stops it when we are to stop.
import { launch } from './launch.mjs';
import { build, endSteps, installPackages, node24, root, SetupProblem } from './setup.mjs';
import { onStopRequest } from './watch-parent.mjs';

const tell = (doing) => console.error(`${doing} ...`);
let stopping = false;
onStopRequest(() => {
  stopping = true;
  endSteps();
});
try {
  await installPackages(tell);
  await build(tell);
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  if (!stopping) console.error(error.message);
  process.exit(stopping ? 130 : 1);
}
if (stopping) process.exit(130);
process.exit(await launch({ node: node24, args: process.argv.slice(2), cwd: root }));
