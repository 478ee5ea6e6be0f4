import type { Course, Instant, StayEvent } from '#libs/domain';

/** Triggers that the tests write, and what each does to a stay. */
export const COURSE_OF = {
  A01: 'admit',
  A03: 'discharge',
  A05: 'pre-admit',
  A08: 'update',
  A11: 'cancel-admission',
  A13: 'cancel-discharge',
} as const satisfies Record<string, Course>;
export type TestTrigger = keyof typeof COURSE_OF;

/** Where the default dialect places a message in time: EVN-6, else A01 PV1-44, A03 PV1-45, else MSH-7 (contract 5). */
export function placeOf(
  trigger: TestTrigger,
  { occurredAt, encounter, sentAt }: Pick<StayEvent, 'occurredAt' | 'encounter' | 'sentAt'>,
): Instant {
  if (occurredAt) return occurredAt.start;
  const field = trigger === 'A01' ? encounter.start : trigger === 'A03' ? encounter.end : undefined;
  return field?.start ?? sentAt;
}
