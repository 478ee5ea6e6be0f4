import type { Caller } from '#libs/county';
import type { Assignment } from './sign-in/openid.ts';
import type { Session } from './sign-in/sessions.ts';

/** Who a page is made for: a person with an assignment, and the caller that the assignment's unit is in the directory. */
export interface PageUser {
  readonly subject: string;
  readonly name: string;
  readonly assignment: Assignment;
  readonly caller: Caller;
  readonly session: Session;
}

const PERSON_AT_WORK = /^[A-Za-z0-9@._:-]{1,64}$/;

/** The id under which a person is named in what is sent; undefined when the sign-in knows the person by something else. */
export function personAtWork({ subject }: Pick<PageUser, 'subject'>): string | undefined {
  return PERSON_AT_WORK.test(subject) ? subject : undefined;
}

/** The kinds of people who have pages (issue by role of the directory, never by what a claim calls itself). */
export type PageRole = 'party' | 'sender' | 'operator' | 'observer' | 'log-controller';

/**
 * The role that a user's pages follow; a caller of several has the first of these. Who has come to control the log of a unit sees
 * that log, and no case.
 */
export function roleOf({ assignment, caller }: Pick<PageUser, 'assignment' | 'caller'>): PageRole {
  if (assignment.controlsLog) return 'log-controller';
  const ordered = ['operator', 'observer', 'sender', 'party'] as const;
  return ordered.find((role) => caller.roles.includes(role)) ?? 'party';
}
