import { BUT, type ButContent } from './but.ts';
import { HOME, type HomeContent } from './home.ts';
import { INFO, type InfoContent } from './info.ts';
import { INS, type InsContent } from './ins.ts';
import { OPT_DECISION, type OptDecisionContent } from './opt-decision.ts';
import { UTK, type UtkContent } from './utk.ts';
import { UTS, type UtsContent } from './uts.ts';

/** Every kind of notice that the hub tells, each once, in the order of telling. A new kind is a file of its own and a line here. */
export const NOTICES = [INS, BUT, UTK, OPT_DECISION, UTS, INFO, HOME] as const;

export type NoticeContent =
  InsContent | ButContent | UtkContent | OptDecisionContent | UtsContent | InfoContent | HomeContent;
export type NoticeKind = NoticeContent['kind'];

/** Codes of `CodeSystem/notice` (contract 4) of which the hub has notices. */
export const NOTICE_KINDS: readonly NoticeKind[] = NOTICES.map(({ kind }) => kind);
