import { Controller, HttpCode, Inject, Module, Post, Req, type DynamicModule } from '@nestjs/common';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CountyError, type Caller } from '#libs/county';
import { isLocalDate } from '#libs/domain';
import {
  CurrentCaller,
  Described,
  listOf,
  objectOf,
  Operation,
  readBody,
  refuse,
  TEXT,
  type HttpRequest,
} from '#libs/http';
import { fault, rulesInForce, type Configuration } from '#libs/platform';
import { carryOut, type DirectoryParts } from './directory-command.ts';

const DIRECTORY_IMPORT = Symbol('what an import of a directory asks');
type DirectoryImport = Omit<DirectoryParts, 'importedBy' | 'now' | 'say'>;

/** Some hundred thousand rows of addresses; a larger register goes by the command line. */
const MOST_BYTES = 12 * 1_048_576;

interface Asked {
  readonly parties?: unknown;
  readonly addresses?: unknown;
  readonly at?: unknown;
  readonly dryRun?: unknown;
  readonly by?: unknown;
}

/**
 * `POST /operations/directory`: what `npm run directory -- import` does, for who has no command line. The files go whole, are
 * checked whole, and are taken or refused whole; a dry run says what would change and which open stays would be told elsewhere.
 */
@Controller('operations/directory')
export class DirectoryController {
  readonly #parts: DirectoryImport;

  constructor(@Inject(DIRECTORY_IMPORT) parts: DirectoryImport) {
    this.#parts = parts;
  }

  @Post()
  @HttpCode(200)
  @Operation('operations-directory')
  @Described({
    summary: 'Imports a directory, or tells what it would change',
    body: {
      'application/json': objectOf(
        { parties: TEXT, addresses: TEXT, at: TEXT, dryRun: { type: 'boolean' }, by: TEXT },
        ['addresses', 'at', 'by'],
      ),
    },
    answer: {
      'application/json': objectOf({ taken: { type: 'boolean' }, lines: listOf(TEXT), problems: listOf(TEXT) }),
    },
  })
  async take(@CurrentCaller() caller: Caller, @Req() request: HttpRequest): Promise<object> {
    const { parties, addresses, at, dryRun, by } = bodyIn(await readBody(request, MOST_BYTES));
    if (typeof parties !== 'string') return refuse(fault('bad-parameter', 'parties'));
    if (at !== undefined && !(typeof at === 'string' && isLocalDate(at))) refuse(fault('bad-parameter', 'at'));
    const folder = await mkdtemp(join(tmpdir(), 'bryggan-directory-'));
    const lines: string[] = [];
    try {
      const files = { parties: join(folder, 'parties.json'), addresses: join(folder, 'addresses.csv') };
      await writeFile(files.parties, parties);
      if (typeof addresses === 'string') await writeFile(files.addresses, addresses);
      await carryOut(
        {
          ...{ kind: 'import', parties: files.parties, dryRun: dryRun === true },
          ...(typeof addresses === 'string' && { addresses: files.addresses }),
          ...(typeof at === 'string' && { at }),
        },
        {
          ...this.#parts,
          importedBy: typeof by === 'string' && by !== '' ? by.slice(0, 100) : caller.name,
          now: new Date(),
          say: (line) => void lines.push(line),
        },
      );
      return { taken: true, lines, problems: [] };
    } catch (error) {
      if (!(error instanceof CountyError)) throw error;
      return { taken: false, lines, problems: error.problems };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

function bodyIn(text: string): Asked {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : refuse(fault('bad-body'));
  } catch {
    return refuse(fault('bad-body'));
  }
}

/** Imports of directories, in the process of the router, whose rules say who would be told. */
@Module({})
export class DirectoryModule {
  static register({
    configuration,
  }: {
    readonly configuration: Pick<Configuration, 'database' | 'rules'>;
  }): DynamicModule {
    const parts: DirectoryImport = {
      databaseUrl: configuration.database.url,
      parameters: rulesInForce(configuration.rules),
    };
    return {
      module: DirectoryModule,
      controllers: [DirectoryController],
      providers: [{ provide: DIRECTORY_IMPORT, useValue: parts }],
    };
  }
}
