import type { Instant } from '../time/time.ts';
import type { NoticeBase, NoticeDefinition } from './definition.ts';

/** LUS 3:1: identity, the fact, and when it was judged. */
export interface UtkContent extends NoticeBase {
  readonly kind: 'UTK';
  readonly readySince: Instant;
}

/**
 * Underrättelse om utskrivningsklar (LUS 3:1; DEC-03): due while the ward says that the patient is ready, but not for a stay
 * that goes on in open compulsory care (DEC-11). Being ready no more is news as the notice was; that it never was true is
 * taken back from whoever has it.
 */
export const UTK: NoticeDefinition<UtkContent> = {
  kind: 'UTK',
  due: ({ stay, unit, base }) => {
    if (typeof stay.ready !== 'object' || stay.openCompulsoryCare) return [];
    const readySince = stay.ready.since;
    return [
      { slot: 'UTK', content: { kind: 'UTK', ...base, readySince }, says: String(readySince), scopes: unit.scopes },
    ];
  },
  notDueAnyMore: (stay) => (stay.ready === 'no' ? 'withdrawn-on-ground' : 'withdrawn'),
};
