import { median } from './bench-world.ts';

/** One measured pass of one side. */
export interface Pass {
  readonly perSecond: number;
  /** Processor time of the measured process per message, ms: it holds on a busy machine, where a rate does not. */
  readonly cpu: number;
}

/** The same work by both sides: the medians of their passes. */
export interface Comparison {
  readonly ours: Pass;
  readonly raw: Pass;
}

export function compare(ours: readonly (Pass | undefined)[], raw: readonly (Pass | undefined)[]): Comparison {
  return { ours: middle(ours), raw: middle(raw) };
}

function middle(passes: readonly (Pass | undefined)[]): Pass {
  const of = (pick: (pass: Pass) => number): number => median(passes.flatMap((pass) => (pass ? [pick(pass)] : [])));
  return { perSecond: of(({ perSecond }) => perSecond), cpu: of(({ cpu }) => cpu) };
}

export const shown = (pass: Pass | undefined): string =>
  pass ? `${Math.round(pass.perSecond)}/s (${pass.cpu.toFixed(3)} ms of CPU each)` : 'nothing';
