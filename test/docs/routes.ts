import 'reflect-metadata';
import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, HTTP_CODE_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { DESCRIPTION, OPERATION, type Description, type OperationName } from '#libs/http';
import { filesEnding } from './project-files.ts';

/** A handler of HTTP, as Nest finds it. */
export interface Route {
  /** `GET`, `POST`, ... or `ALL`. */
  readonly method: string;
  /** `/operations/traces/:stay`. */
  readonly path: string;
  /** Its line in `PERMISSIONS`; undefined for one that nobody may ask. */
  readonly operation: OperationName | undefined;
  readonly description: Description | undefined;
  /** Of an answer that is no refusal. */
  readonly status: number;
  readonly query: readonly string[];
  readonly headers: readonly string[];
}

type Handler = (...args: unknown[]) => unknown;
type ControllerClass = new (...args: never[]) => object;

/** What Nest keeps of the parameters of a handler, by `<kind>:<index>`; a name where one was given to the decorator. */
type RouteArguments = Readonly<Record<string, { readonly data?: unknown }>>;
const QUERY = '4';
const HEADERS = '6';

/** All handlers of HTTP of all apps, found in the files named `*.controller.ts`, in the order of their paths. */
export async function routes(): Promise<Route[]> {
  const found: Route[] = [];
  for (const file of filesEnding('.controller.ts')) {
    for (const controller of await controllersIn(file)) found.push(...routesOf(controller));
  }
  return found.sort((a, b) => compare(a.path, b.path) || compare(a.method, b.method));
}

async function controllersIn(file: string): Promise<ControllerClass[]> {
  // From the sources in a test, from what was built when the documents are written.
  const built = import.meta.filename.endsWith('.js');
  const url = new URL(`../../${built ? file.replace(/ts$/, 'js') : file}`, import.meta.url);
  const module = (await import(url.href)) as Readonly<Record<string, unknown>>;
  return Object.values(module).filter(
    (value): value is ControllerClass => typeof value === 'function' && Reflect.hasMetadata(PATH_METADATA, value),
  );
}

function routesOf(controller: ControllerClass): Route[] {
  const prototype = controller.prototype as Readonly<Record<string, unknown>>;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler = prototype[name] as Handler;
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) return [];
    return pathsOf(controller).flatMap((base) =>
      pathsOf(handler).map((path) => ({
        method: RequestMethod[method],
        path: joined(base, path),
        operation: Reflect.getMetadata(OPERATION, handler) as OperationName | undefined,
        description: Reflect.getMetadata(DESCRIPTION, handler) as Description | undefined,
        status: (Reflect.getMetadata(HTTP_CODE_METADATA, handler) as number | undefined) ?? usual(method),
        query: namesOf(controller, name, QUERY),
        headers: namesOf(controller, name, HEADERS),
      })),
    );
  });
}

function pathsOf(target: object): string[] {
  return [Reflect.getMetadata(PATH_METADATA, target) as string | string[]].flat();
}

const usual = (method: RequestMethod): number => (method === RequestMethod.POST ? 201 : 200);

function namesOf(controller: ControllerClass, handler: string, kind: string): string[] {
  const all = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handler) ?? {}) as RouteArguments;
  return Object.entries(all)
    .filter(([key, { data }]) => key.startsWith(`${kind}:`) && typeof data === 'string')
    .map(([, { data }]) => String(data))
    .sort();
}

function joined(...parts: string[]): string {
  return `/${parts.flatMap((part) => part.split('/').filter((step) => step !== '')).join('/')}`;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
