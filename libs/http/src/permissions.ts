import { SetMetadata } from '@nestjs/common';
import type { Role } from '#libs/platform';

/**
 * Who may ask for what: the one place. A handler names its line with `@Operation(...)`, and one without a name is nobody's
 * (access.guard.ts). Which rows a caller of `fhir` then finds is said in the portal's `access.ts`.
 *
 *   anyone    no token is asked for
 *   machine   no token from this machine itself; from elsewhere, or through a proxy, the operator's
 */
export const PERMISSIONS = {
  health: 'anyone',
  metrics: 'machine',
  'fhir-capabilities': 'anyone',
  fhir: ['party', 'sender', 'operator', 'observer'],
  'operations-settle': ['operator'],
  'operations-clock': ['operator'],
  'operations-stages': ['operator'],
  'operations-trace': ['operator'],
} as const satisfies Readonly<Record<string, 'anyone' | 'machine' | readonly Role[]>>;

export type OperationName = keyof typeof PERMISSIONS;

export const OPERATION = Symbol('operation');

/** Says which line of `PERMISSIONS` a handler stands under. */
export const Operation = (name: OperationName): MethodDecorator => SetMetadata(OPERATION, name);
