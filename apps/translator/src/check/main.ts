import { parseArgs } from 'node:util';
import { loadCounty } from '#libs/county';
import { ERRORS, processConfiguration, rulesInForce, startFailure } from '#libs/platform';
import { checkFiles, summaryOf } from './check-files.ts';
import { checkText, titleOf } from './check-text.ts';

/**
 * `npm run check -- FILE...`: what `POST /check` says, without a hub: by the county's folder and the rules alone. Exit code 0:
 * every message would be taken; 1: some would not, or a file could not be read or has none; 2: called wrongly.
 */
const USAGE = `npm run check -- [--json] [--sender AVTAL] FIL|MAPP...
Prövar HL7 v2- och FHIR-filer: vad de blir, vem som får veta, vad som saknas. Inget sänds och inget sparas.
--sender: vems avtal filerna läses efter; annars det som ett HL7 v2-meddelande anger i MSH-4.`;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

function main(paths: readonly string[], sender: string | undefined, json: boolean): boolean {
  const { countyDir, rules } = processConfiguration({ embedded: true });
  const parts = { county: loadCounty(countyDir), parameters: rulesInForce(rules), now: () => Date.now() };
  const all = [];
  for (const { file, checked } of checkFiles(paths, sender, parts)) {
    all.push(checked);
    if (json) say(JSON.stringify({ file, ...checked }));
    else say([`\n${file}: ${titleOf(checked)}`, ...checkText(checked).map((line) => `  ${line}`)].join('\n'));
  }
  const summary = summaryOf(all);
  if (json) say(JSON.stringify(summary));
  else {
    say(`\n${summary.messages} meddelanden, ${summary.taken} skulle tas emot.`);
    if (summary.unread > 0) say(`${summary.unread} filer eller mappar gick inte att läsa eller var tomma.`);
    for (const { sender: from, what, messages } of summary.troubles) say(`${messages} från ${from}: ${what}`);
    if (
      sender === undefined &&
      all.some(({ faults }) => faults.some(({ code }) => code === ERRORS['unknown-sender'].code))
    ) {
      say('Vad de skulle bli från en avsändare som har avtal: lägg till --sender AVTAL, till exempel --sender KS.');
    }
  }
  return summary.taken === summary.messages && summary.unread === 0;
}

class UsageProblem extends Error {}

function asked() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, sender: { type: 'string' } },
    });
    if (positionals.length > 0) return { ...values, paths: positionals };
  } catch {
    // parseArgs says in English which option it does not know.
  }
  throw new UsageProblem(USAGE);
}

try {
  const { paths, sender, json } = asked();
  process.exitCode = main(paths, sender, json) ? 0 : 1;
} catch (error) {
  const wrongly = error instanceof UsageProblem;
  const line = wrongly ? error.message : startFailure(error);
  if (line === undefined) throw error;
  process.stderr.write(`${line}\n`);
  process.exitCode = wrongly ? 2 : 1;
}
