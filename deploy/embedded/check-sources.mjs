// Checks the types of all files, those of the tests too, builds what tests start, then lints: the child of test.mjs. Lint asks for
// the types of nearly everything, so it is given the program that was checked: with one of its own both took 126 s of processor
// instead of 78. Says `{ built: boolean }` to its parent as soon as dist is there; ends with 0 when no rule of lint is broken.
import { ESLint } from 'eslint';
import { join } from 'node:path';
import ts from 'typescript';
import { root } from './setup.mjs';

const host = {
  getCurrentDirectory: () => root,
  getCanonicalFileName: (name) => name,
  getNewLine: () => '\n',
};

/** As `tsc -p tsconfig.json` does it. */
function buildAll() {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    {},
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => tell([problem]) },
  );
  if (config === undefined) return undefined;
  const program = ts.createProgram({
    rootNames: config.fileNames,
    options: config.options,
    configFileParsingDiagnostics: config.errors,
  });
  const problems = ts.getPreEmitDiagnostics(program);
  const all = [...problems, ...program.emit().diagnostics];
  tell(all);
  return { program, built: all.length === 0 };
}

function tell(problems) {
  const sorted = ts.sortAndDeduplicateDiagnostics(problems);
  if (sorted.length > 0) console.log(ts.formatDiagnosticsWithColorAndContext(sorted, host));
}

/** As `eslint .` does it, on the program that is there. @returns whether no rule is broken */
async function lint(program) {
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: { languageOptions: { parserOptions: { project: null, programs: [program] } } },
  });
  const results = await eslint.lintFiles(['.']);
  const said = await (await eslint.loadFormatter('stylish')).format(results);
  if (said !== '') console.log(said);
  return results.length > 0 && results.every(({ errorCount }) => errorCount === 0);
}

const made = buildAll();
await new Promise((resolve) => process.send({ built: made?.built === true }, resolve));
// The channel to the parent would keep it alive.
process.exit(made !== undefined && (await lint(made.program)) ? 0 : 1);
