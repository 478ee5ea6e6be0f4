import { SetMetadata } from '@nestjs/common';
import type { Role } from '#libs/county';

const OPERATOR: readonly Role[] = ['operator'];
const READERS: readonly Role[] = ['party', 'sender', 'operator', 'observer'];

/**
 * Who may ask for what: the one place. A handler names its line with `@Operation(...)`, and one without a name is nobody's
 * (access.guard.ts). Which rows a caller of `fhir` then finds is said in the portal's `access.ts`.
 *
 *   anyone    no token is asked for
 *   machine   the operator, and without a token this machine itself where no proxy passes the request on
 */
export const PERMISSIONS = {
  health: 'anyone',
  metrics: 'machine',
  // People come in by a session of their own (the portal's pages/page-guard.ts).
  pages: 'anyone',
  'fhir-capabilities': 'anyone',
  fhir: READERS,
  'fhir-process-message': ['party', 'sender'],
  // The operator in a sender's name, which the record then says.
  hl7v2: ['sender', 'operator'],
  'operations-settle': OPERATOR,
  'operations-clock': OPERATOR,
  'operations-stages': OPERATOR,
  'operations-trace': OPERATOR,
  'operations-decisions': OPERATOR,
  'operations-replay': OPERATOR,
  'operations-directory': OPERATOR,
  notices: ['sender'],
  replies: ['party'],
  cases: ['party'],
  'task-replies': ['party'],
  persons: ['sender', 'operator'],
  'operations-rejected': ['operator', 'sender', 'party'],
  'operations-senders': ['operator', 'sender'],
  check: ['operator', 'sender', 'party'],
  'deviation-reports': ['party', 'sender'],
  'deviation-cases': READERS,
  'deviation-case-acts': ['party', 'sender', 'observer'],
  'deviation-feed': ['observer', 'operator'],
  'deviation-patterns': ['observer', 'operator'],
  'deviation-pairs': OPERATOR,
} as const satisfies Readonly<Record<string, 'anyone' | 'machine' | readonly Role[]>>;

/** Roles that a line of the table lets in; undefined: no token is asked for. */
export function rolesFor(name: OperationName): readonly Role[] | undefined {
  const permitted = PERMISSIONS[name];
  if (permitted === 'anyone') return undefined;
  return permitted === 'machine' ? OPERATOR : permitted;
}

export type OperationName = keyof typeof PERMISSIONS;

export const OPERATION = Symbol('operation');

/** Says which line of `PERMISSIONS` a handler stands under. */
export const Operation = (name: OperationName): MethodDecorator => SetMetadata(OPERATION, name);
