// Lets Node run the sources as they are, through the compiler of the tests. No build has to be there, or be of today. What was
// compiled is kept by its content: a hub of the tests starts some fifty times, and each thread of it reads its sources anew.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire, enableCompileCache, registerHooks } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

const optionsOf = (tsx) => ({
  swcrc: false,
  module: { type: 'es6' },
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true, tsx },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      react: { runtime: 'automatic', importSource: 'preact' },
    },
    keepClassNames: true,
  },
});

const KEPT = join(import.meta.dirname, '..', '..', 'dist', 'compiled-sources');
mkdirSync(KEPT, { recursive: true });
enableCompileCache(join(KEPT, 'code'));

function compiled(filename, tsx) {
  const source = readFileSync(filename, 'utf8');
  const name = createHash('sha256').update(filename).update('\0').update(source).digest('base64url');
  const kept = join(KEPT, `${name}.mjs`);
  if (existsSync(kept)) return readFileSync(kept, 'utf8');
  // Loaded where there is something to compile: most starts find all of it kept.
  const { transformSync } = createRequire(import.meta.url)('@swc/core');
  const { code } = transformSync(source, { ...optionsOf(tsx), filename });
  const half = `${kept}.${process.pid}-${threadId}`;
  writeFileSync(half, code);
  renameSync(half, kept);
  return code;
}

registerHooks({
  load(url, context, next) {
    const tsx = url.endsWith('.tsx');
    if (!tsx && !url.endsWith('.ts')) return next(url, context);
    return { format: 'module', shortCircuit: true, source: compiled(fileURLToPath(url), tsx) };
  },
});
