// What tests get when they import `fast-check`: generated cases begin from one seed, so that a run says the same twice and main is
// not refused for a draw that nobody has seen. BRYGGAN_TEST_SEED chooses another; `npm run test:faults` draws one.
import fc from '../../node_modules/fast-check/lib/fast-check.js';

fc.configureGlobal({ seed: Number(process.env.BRYGGAN_TEST_SEED ?? 2017_0612) });

export * from '../../node_modules/fast-check/lib/fast-check.js';
export default fc;
