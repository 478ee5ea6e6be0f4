/** How far a replay has come. */
export interface Progress {
  /** Records of `inbound` that it has to look at. */
  readonly of: number;
  /** Looked at, chosen or not. */
  readonly read: number;
  /** Events put on `events`, of this revision now. */
  readonly published: number;
  /** Events and rejections that lay there already. */
  readonly unchanged: number;
  /** Messages put on `rejected`. */
  readonly rejected: number;
}

export const NOTHING_DONE: Omit<Progress, 'of'> = { read: 0, published: 0, unchanged: 0, rejected: 0 };

/**
 * One line of progress.
 * @param seconds since the replay began to read `inbound`; the time left is reckoned from it
 */
export function progressLine({ of, read, published, unchanged, rejected }: Progress, seconds: number): string {
  const share = of === 0 ? 100 : Math.floor((read / of) * 100);
  const counts = `read ${read} of ${of} (${share} %), published ${published}, unchanged ${unchanged}, rejected ${rejected}`;
  if (read >= of || read === 0 || seconds === 0) return counts;
  return `${counts}, ${lasting(((of - read) / read) * seconds)} left`;
}

function lasting(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
