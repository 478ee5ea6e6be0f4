import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import type { Clock, Log, OpenIdSettings } from '#libs/platform';
import type { Rejection, RejectionQuestion } from '../hub-view/rejections.ts';
import { AccessibilityController } from './accessibility.controller.tsx';
import { AnswersController } from './answers/answers.controller.tsx';
import { GivenAnswers } from './answers/given-answers.ts';
import { OwnCases } from './answers/own-cases.ts';
import { Audit, LogChecks } from './audit.ts';
import { Contacts } from './contacts.ts';
import { DeviationsController } from './deviations/deviations.controller.tsx';
import { HubResources } from './hub-resources.ts';
import { CaseView } from './inbox/case-view.tsx';
import { InboxController } from './inbox/inbox.controller.tsx';
import { News, SeenCases } from './inbox/news.ts';
import { LogController } from './log/log.controller.tsx';
import { AssetsController } from './layout/assets.controller.ts';
import { HubState } from './operator/hub-state.ts';
import { DirectoryPagesController } from './operator/directory.controller.tsx';
import { InboundContents } from './operator/inbound-content.ts';
import { OperatorActs } from './operator/operator-acts.ts';
import { RejectionController } from './operator/rejection.controller.tsx';
import { OperatorStayController } from './operator/stay.controller.tsx';
import { TaskController } from './operator/task.controller.tsx';
import { OperatorController } from './operator/operator.controller.tsx';
import { PAGES_CLOCK, PAGES_COUNTY, PAGES_IDS, type PagesCounty, type PagesIds } from './page-parts.ts';
import { PagesDatabase } from './pages-schema.ts';
import { ReviewController } from './review/review.controller.tsx';
import { OpenIdSignIn } from './sign-in/openid.ts';
import { Sessions } from './sign-in/sessions.ts';
import { PAGES_LOG, SIGN_IN, SignInController } from './sign-in/sign-in.controller.tsx';
import { StatedStays } from './stated-stays.ts';
import { ToldCases } from './told-cases.ts';
import { NoticeFormController } from './ward/notice-form.controller.tsx';
import { WardController } from './ward/ward.controller.tsx';

export interface PagesParts {
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Absent: nobody can sign in, and the first page says so. */
  readonly openId: OpenIdSettings | undefined;
  readonly county: PagesCounty;
  /** Messages that were not taken. */
  readonly rejections: (question: RejectionQuestion) => Promise<Rejection[]>;
  readonly ids: PagesIds;
  readonly contents: InboundContents;
}

/** What the pages hold open, closed with the application. */
class PagesLife implements OnApplicationShutdown {
  readonly #open: readonly { close(): void | Promise<void> }[];

  constructor(open: readonly { close(): void | Promise<void> }[]) {
    this.#open = open;
  }

  async onApplicationShutdown(): Promise<void> {
    for (const one of this.#open) await one.close();
  }
}

/** The web pages: sign-in, a party's inbox, a ward's list, and the operator's pages. */
@Module({})
export class PagesModule {
  static register({ databaseUrl, clock, log, openId, county, ids, rejections, contents }: PagesParts): DynamicModule {
    const database = new PagesDatabase(databaseUrl);
    const told = new ToldCases(databaseUrl);
    const stated = new StatedStays(databaseUrl);
    const hub = new HubState(databaseUrl, rejections);
    const news = new News(told);
    return {
      module: PagesModule,
      controllers: [
        ...[SignInController, AssetsController, AccessibilityController],
        ...[
          InboxController,
          AnswersController,
          NoticeFormController,
          WardController,
          OperatorController,
          TaskController,
          RejectionController,
          OperatorStayController,
          DirectoryPagesController,
        ],
        ...[DeviationsController, LogController, ReviewController],
      ],
      providers: [
        { provide: SIGN_IN, useValue: { openId: openId && new OpenIdSignIn(openId) } },
        { provide: Sessions, useValue: new Sessions(database) },
        { provide: Audit, useValue: new Audit(database, () => clock.now()) },
        { provide: Contacts, useValue: new Contacts(database, () => clock.now()) },
        { provide: OperatorActs, useValue: new OperatorActs(database, () => clock.now()) },
        { provide: InboundContents, useValue: contents },
        { provide: LogChecks, useValue: new LogChecks(database, () => clock.now()) },
        { provide: GivenAnswers, useValue: new GivenAnswers(database) },
        ...[HubResources, CaseView, OwnCases],
        { provide: SeenCases, useValue: new SeenCases(database) },
        { provide: ToldCases, useValue: told },
        { provide: StatedStays, useValue: stated },
        { provide: HubState, useValue: hub },
        { provide: News, useValue: news },
        { provide: PAGES_CLOCK, useValue: clock },
        { provide: PAGES_COUNTY, useValue: county },
        { provide: PAGES_IDS, useValue: ids },
        { provide: PAGES_LOG, useValue: log },
        { provide: PagesLife, useValue: new PagesLife([news, told, stated, hub, database]) },
      ],
    };
  }
}
