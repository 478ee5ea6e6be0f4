// Lets Node run the sources as they are: it strips types itself, but knows neither decorators nor the elements of pages, so files
// that have some go through the compiler of the tests. No build has to be there, or be of today.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { transformSync } from '@swc/core';

const optionsOf = (tsx) => ({
  swcrc: false,
  module: { type: 'es6' },
  sourceMaps: 'inline',
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

registerHooks({
  load(url, context, next) {
    const tsx = url.endsWith('.tsx');
    if (!tsx && !url.endsWith('.ts')) return next(url, context);
    const filename = fileURLToPath(url);
    const source = readFileSync(filename, 'utf8');
    if (!tsx && !/^\s*@[A-Z]\w+\(/m.test(source)) return next(url, context);
    return {
      format: 'module',
      shortCircuit: true,
      source: transformSync(source, { ...optionsOf(tsx), filename }).code,
    };
  },
});
