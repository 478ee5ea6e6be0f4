// Runs on Node 20 without any dependency.
const ON_TERMINAL_MS = 500;
const ELSEWHERE_MS = 10_000;

/**
 * Shows that a silent step goes on: on a terminal one line that is written over, elsewhere (a log) a line every 10 s.
 * @param {string} text what it does; the seconds are added
 * @param {{isTTY?: boolean, write: (text: string) => unknown}} [out]
 * @returns {() => void} ends it; on a terminal the line is wiped
 */
export function movingLine(text, out = process.stdout) {
  const began = Date.now();
  const line = () => `${text}, ${Math.round((Date.now() - began) / 1000)} s`;
  const show = () => out.write(out.isTTY ? `\r\x1b[K${line()}` : `${line()}\n`);
  const timer = setInterval(show, out.isTTY ? ON_TERMINAL_MS : ELSEWHERE_MS);
  return () => {
    clearInterval(timer);
    if (out.isTTY) out.write('\r\x1b[K');
  };
}
