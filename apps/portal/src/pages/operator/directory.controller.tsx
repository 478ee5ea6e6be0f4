import { Controller, Get, Inject, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Operation } from '#libs/http';
import type { Clock } from '#libs/platform';
import { HubResources, type FormFault } from '../hub-resources.ts';
import { writtenIn, type Written } from '../layout/form-parts.tsx';
import { sendPage } from '../layout/page.tsx';
import { PageFilter } from '../page-filter.tsx';
import { PAGES_CLOCK } from '../page-parts.ts';
import { PageFor, PageGuard, SendsFiles } from '../page-guard.ts';
import { Form, type PageRequest, type PageUser, User } from '../page-request.ts';
import { DirectoryPage, type DirectoryAnswer } from './directory-page.tsx';
import { OperatorActs } from './operator-acts.ts';

/** Under this the acts of an import are kept: they are about no stay. */
const ABOUT = 'directory';
const MOST_FILE_BYTES = 8 * 1_048_576;
/** Every open stay is asked whether it would be told elsewhere. */
const PATIENCE = 60_000;

/** The import of a directory, with its dry run. */
@Controller('drift/katalog')
@UseFilters(PageFilter)
@UseGuards(PageGuard)
export class DirectoryPagesController {
  readonly #hub: HubResources;
  readonly #acts: OperatorActs;
  readonly #clock: Clock;

  constructor(
    @Inject(HubResources) hub: HubResources,
    @Inject(OperatorActs) acts: OperatorActs,
    @Inject(PAGES_CLOCK) clock: Clock,
  ) {
    this.#hub = hub;
    this.#acts = acts;
    this.#clock = clock;
  }

  @Get()
  @Operation('pages')
  @PageFor('operator')
  async form(@User() user: PageUser, @Res() response: ServerResponse): Promise<void> {
    await this.#show(response, user, {}, []);
  }

  @Post()
  @Operation('pages')
  @PageFor('operator')
  @SendsFiles(MOST_FILE_BYTES)
  async take(
    @User() user: PageUser,
    @Req() request: PageRequest,
    @Res() response: ServerResponse,
    @Form() form: URLSearchParams,
  ): Promise<void> {
    const { parter: parties = '', adresser: addresses = '', ...written } = writtenIn(form);
    const { fran: at = '', varfor = '', atgard } = written;
    const [isDryRun, reason] = [atgard === 'prova', varfor.trim()];
    if (parties === '' || reason === '') {
      return this.#show(response, user, written, [
        { code: 'katalog', text: 'Välj en fil med parter, och skriv varför.' },
      ]);
    }
    const body = {
      ...{ parties, dryRun: isDryRun, by: user.name },
      ...(addresses !== '' && { addresses }),
      ...(at !== '' && { at }),
    };
    const asked = await this.#hub.ask(user, request, { path: '/operations/directory', body, patience: PATIENCE });
    if (asked.faults.length > 0) return this.#show(response, user, written, asked.faults);
    const answer = asked.body as DirectoryAnswer;
    if (answer.taken && !isDryRun) await this.#acts.note(user, ABOUT, { what: 'directory-imported', reason });
    await this.#show(response, user, written, [], { answer, isDryRun });
  }

  async #show(
    response: ServerResponse,
    user: PageUser,
    written: Written,
    faults: readonly FormFault[],
    { answer, isDryRun = false }: { readonly answer?: DirectoryAnswer; readonly isDryRun?: boolean } = {},
  ): Promise<void> {
    const acts = await this.#acts.about(ABOUT);
    const parts = { user, written, faults, isDryRun, acts, now: this.#clock.now() };
    const isWrong = faults.length > 0 || answer?.taken === false;
    sendPage(response, <DirectoryPage {...parts} {...(answer && { answer })} />, isWrong ? 422 : 200);
  }
}
