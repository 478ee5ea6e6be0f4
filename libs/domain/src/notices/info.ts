import type { Scope } from '../events/fact.ts';
import type { NoticeBase, NoticeDefinition } from './definition.ts';

/** LUS 3:2: what the ward tells of one scope at one time. */
export interface InfoContent extends NoticeBase {
  readonly kind: 'INFO';
  readonly scope: Scope;
  readonly text: string;
}

/** Information at discharge (LUS 3:2): due to those whose need it speaks of. */
export const INFO: NoticeDefinition<InfoContent> = {
  kind: 'INFO',
  due: ({ stay, unit, base }) =>
    stay.infos.flatMap((info) => {
      const scopes = unit.scopes.filter((scope) => info.scopes.includes(scope));
      const scope = scopes[0];
      if (scope === undefined) return [];
      const content = { kind: 'INFO' as const, ...base, scope, text: info.text };
      return [{ slot: `INFO|${info.slot}`, content, says: info.text, scopes }];
    }),
  notDueAnyMore: () => 'withdrawn',
};
