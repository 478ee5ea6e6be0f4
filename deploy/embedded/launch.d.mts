export const NODE_OPTIONS: readonly string[];
export const MEMORY: Readonly<Record<string, string>>;
