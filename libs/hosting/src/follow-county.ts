import { errorFields, isError, type Log } from '#libs/platform';
import { prepareTopics, type AppParts } from './app-parts.ts';
import type { Stage } from './stage.ts';

/**
 * Reads the county's folder again at each SIGHUP, while the process runs. A faulty folder is told in the log and changes
 * nothing. When it is another county, its new topics are made first, and then the stages that read a topic per party read
 * those of the new parties too; everything else asks the county each time.
 * @returns what ends it
 */
export function followCounty(parts: AppParts, stages: readonly Stage[]): () => void {
  // One reload at a time: a second signal reads what the first one may have missed.
  let last: Promise<void> = Promise.resolve();
  const onSignal = (): void => {
    last = last.then(() => reloadCounty(parts, stages)).catch((error: unknown) => refused(parts.log, error));
  };
  process.on('SIGHUP', onSignal);
  return () => void process.off('SIGHUP', onSignal);
}

/** Reads the county's folder again, as {@link followCounty} does at a signal. @throws CountyError, or Kafka's errors */
async function reloadCounty(parts: AppParts, stages: readonly Stage[]): Promise<void> {
  const { county, log } = parts;
  if (!county.reload()) {
    log.info('county.unchanged', { version: county.version });
    return;
  }
  await prepareTopics(parts);
  for (const stage of stages) await stage.followParties?.();
  log.info('county.changed', { version: county.version, parties: county.partyIds().length });
}

/** What is wrong with a county names its files and nothing of a person; of any other error only what is known to be safe. */
function refused(log: Log, error: unknown): void {
  const isCountyError = isError(error) && error.name === 'CountyError';
  log.error('county.refused', isCountyError ? { reason: error.message } : errorFields(error));
}
