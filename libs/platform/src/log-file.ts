import { chmodSync, closeSync, fstatSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const LARGEST_BYTES = 20 * 1024 * 1024;
/** `hub.log.1` is the youngest of the old ones. */
const KEPT = 4;

/**
 * A log file that cannot fill a disk: above 20 MB it becomes `<file>.1`, and the four youngest of the old ones are kept.
 * Mode 0600, whatever mode an earlier version gave it. Each line is with the kernel when `write` returns: the lines before
 * a kill -9 are the ones that are needed.
 *
 * A line that cannot be written (the disk is full) is dropped, and the next one that can be is preceded by how many were: a
 * hub that stops for want of a log line would stop taking in messages.
 */
export class LogFile {
  readonly #file: string;
  readonly #largest: number;
  #descriptor: number;
  #bytes: number;
  #dropped = 0;

  /**
   * @param file its folders are made (0700)
   * @param largest bytes after which a new file is begun
   * @throws the system's error when the file cannot be opened
   */
  constructor(file: string, largest = LARGEST_BYTES) {
    this.#file = file;
    this.#largest = largest;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    [this.#descriptor, this.#bytes] = opened(file);
  }

  /** @param line ends with its line feed */
  write(line: string): void {
    try {
      if (this.#bytes >= this.#largest) this.#rotate();
      if (this.#dropped > 0) this.#append(`{"level":"warn","event":"log.lines-dropped","lines":${this.#dropped}}\n`);
      this.#dropped = 0;
      this.#append(line);
    } catch {
      this.#dropped += 1;
    }
  }

  #append(line: string): void {
    this.#bytes += writeSync(this.#descriptor, line);
  }

  #rotate(): void {
    for (let age = KEPT; age >= 1; age -= 1) {
      const from = age === 1 ? this.#file : `${this.#file}.${age - 1}`;
      try {
        renameSync(from, `${this.#file}.${age}`);
      } catch {
        // there are not that many yet
      }
    }
    const old = this.#descriptor;
    [this.#descriptor, this.#bytes] = opened(this.#file);
    closeSync(old);
  }
}

function opened(file: string): [descriptor: number, bytes: number] {
  const descriptor = openSync(file, 'a', 0o600);
  const { size, mode } = fstatSync(descriptor);
  if (fstatSync(descriptor).isFile() && (mode & 0o077) !== 0) chmodSync(file, 0o600);
  return [descriptor, size];
}
