import type { Meta, Provenance } from 'fhir/r4.js';
import type { Instant } from '#libs/domain';
import { SYSTEM } from '../addresses.ts';
import { idIn, reference } from '../entry.ts';
import { writeInstant } from '../times.ts';

/** A message about one thing, for the chain of Provenance (standards 1.6). */
export interface ChainLink {
  readonly deliveryId: string;
  readonly recorded: Instant;
  readonly role?: 'revision' | 'removal';
  /** Delivery ids of the messages that it corrected or withdrew. */
  readonly previous?: readonly string[];
}

const ACTIVITY = { none: 'CREATE', revision: 'UPDATE', removal: 'NULLIFY' } as const;

/**
 * One link of the chain (standards 1.6): which message, when it was recorded, and what it corrected or withdrew. A
 * recipient that finds an unknown `entity.what` knows that it missed a message.
 */
export function writeProvenance(link: ChainLink, meta: Meta | undefined): Provenance {
  const { role, previous = [] } = link;
  return {
    resourceType: 'Provenance',
    id: link.deliveryId,
    ...(meta === undefined ? {} : { meta }),
    target: [reference('MessageHeader', link.deliveryId)],
    recorded: writeInstant(link.recorded),
    activity: { coding: [{ system: SYSTEM.dataOperation, code: ACTIVITY[role ?? 'none'] }] },
    agent: [{ who: { type: 'Device', display: 'Bryggan' } }],
    ...(role === undefined || previous.length === 0
      ? {}
      : { entity: previous.map((id) => ({ role, what: reference('MessageHeader', id) })) }),
  };
}

/** The link that a Provenance states; undefined when it is not about a message. */
export function readProvenance(provenance: Provenance): ChainLink | undefined {
  const deliveryId = idIn('MessageHeader', provenance.target[0]);
  const recorded: Instant = Date.parse(provenance.recorded);
  if (deliveryId === undefined || Number.isNaN(recorded)) return undefined;
  const previous = provenance.entity?.flatMap(({ what }) => idIn('MessageHeader', what) ?? []) ?? [];
  const role = provenance.entity?.[0]?.role;
  if (role !== 'revision' && role !== 'removal') return { deliveryId, recorded };
  return { deliveryId, recorded, role, previous };
}
