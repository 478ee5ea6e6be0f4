/** What insatser a fact speaks of (contract 5): social services, municipal health care, the region's open care, home care. */
export const SCOPES = ['SOC', 'KHSL', 'ROV', 'HOME'] as const;
export type Scope = (typeof SCOPES)[number];

/** A need is of three kinds only; `HOME` is a scope of consent. */
export const NEED_SCOPES = ['SOC', 'KHSL', 'ROV'] as const;
export type NeedScope = (typeof NEED_SCOPES)[number];
