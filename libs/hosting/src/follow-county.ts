import type { County } from '#libs/county';
import { errorFields, isError, type Log } from '#libs/platform';
import { prepareTopics, type AppParts, type FollowedDirectory, type Stage } from '#libs/service';

/** Lets the parties and callers of a county into Kafka, and nobody else. Rejects when Kafka refuses. */
export type AdmitParties = (county: County) => Promise<void>;

/**
 * Reads the county's folder again at each SIGHUP, while the process runs. A faulty folder is told in the log and changes
 * nothing. When it is another county, its parties are let in and its new topics are made first, and then the stages that read
 * a topic per party read those of the new parties too; everything else asks the county each time. What Kafka refuses is done
 * again at the next signal, though the county is the same by then.
 * @param directory the one in PostgreSQL, which is followed by itself
 * @param admit lets the county's parties into a Kafka of ours; nothing where an operator has his own
 * @returns what ends it
 */
export function followCounty(
  parts: AppParts,
  stages: readonly Stage[],
  directory: FollowedDirectory,
  admit?: AdmitParties,
): () => void {
  // One reload at a time: a second signal reads what the first one may have missed.
  let last: Promise<void> = Promise.resolve();
  let isBehind = false;
  const takeUp = async (): Promise<void> => {
    isBehind = true;
    await admit?.(parts.county);
    await prepareTopics(parts);
    for (const stage of stages) await stage.followParties?.();
    isBehind = false;
  };
  const reload = async (): Promise<void> => {
    const { county, log } = parts;
    if (!county.reload() && !isBehind) {
      log.info('county.unchanged', { version: county.version });
      return;
    }
    await takeUp();
    log.info('county.changed', { version: county.version, parties: county.partyIds().length });
  };
  const onSignal = (): void => {
    last = last.then(reload).catch((error: unknown) => countyRefused(parts.log, error));
  };
  process.on('SIGHUP', onSignal);
  const unfollow = directory.follow(() => (last = last.then(takeUp)));
  return () => {
    unfollow();
    process.off('SIGHUP', onSignal);
  };
}

/**
 * Tells in the log why a county was not taken up. What is wrong with one names its files and nothing of a person; of any other
 * error only what is known to be safe is told.
 */
function countyRefused(log: Log, error: unknown): void {
  const isCountyError = isError(error) && error.name === 'CountyError';
  log.error('county.refused', isCountyError ? { reason: error.message } : errorFields(error));
}
