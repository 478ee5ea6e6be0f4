import type { ChildProcess } from 'node:child_process';

export interface JarsWanted {
  /** The folder under .parts */
  name: string;
  pom: string;
  onStart?: () => void;
  onChild?: (child: ChildProcess) => void;
}

export function jarsFolder(name: string, pom: string): string;
export function resolveJars(wanted: JarsWanted): Promise<string>;
export function kafkaJars(options?: Partial<JarsWanted>): Promise<string>;
export function kafkaJarsFolder(): string;
