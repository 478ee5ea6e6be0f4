/** See moving-line.mjs. */
export function movingLine(text: string, out?: { isTTY?: boolean; write: (text: string) => unknown }): () => void;
