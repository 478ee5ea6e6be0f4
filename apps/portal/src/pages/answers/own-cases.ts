import { Inject, Injectable } from '@nestjs/common';
import type { Communication } from 'fhir/r4.js';
import { HubResources } from '../hub-resources.ts';
import type { PageRequest, PageUser } from '../page-request.ts';
import { type GivenAnswer, GivenAnswers, heardAnswers, withOwnSystems } from './given-answers.ts';

/** What a unit knows of its own case beside the notices that it was told. */
export interface OwnCase {
  /** All that the unit has answered, by its pages and by its own system, in the order of time. */
  readonly given: readonly GivenAnswer[];
  /** Id of the unit's desk that takes the case; absent for a unit without desks, or while the hub does not say. */
  readonly desk?: string;
}

/** A case as `POST /cases` has it. */
interface HubCase {
  readonly stay: string;
  readonly desk?: string;
  readonly replies: readonly Communication[];
}

/** As many as the hub answers at once. */
const AT_ONCE = 1000;

/**
 * The cases of the user's unit, as far as they are its own doing. What the pages kept is joined by what the hub has, which knows
 * the answers of the unit's own system too; while the hub does not answer, the pages' own stands alone.
 */
@Injectable()
export class OwnCases {
  readonly #given: GivenAnswers;
  readonly #hub: HubResources;

  constructor(@Inject(GivenAnswers) given: GivenAnswers, @Inject(HubResources) hub: HubResources) {
    this.#given = given;
    this.#hub = hub;
  }

  /** Errors: the database's. @returns each of the stays */
  async of(user: PageUser, request: PageRequest, stays: readonly string[]): Promise<ReadonlyMap<string, OwnCase>> {
    const [kept, hub] = await Promise.all([this.#given.of(user.caller.name, stays), this.#ask(user, request, stays)]);
    const known = new Map(hub.map((one) => [one.stay, one]));
    return new Map(
      stays.map((stay) => {
        const { desk, replies = [] } = known.get(stay) ?? {};
        const given = withOwnSystems(kept.get(stay) ?? [], heardAnswers(replies));
        return [stay, { given, ...(desk !== undefined && { desk }) }];
      }),
    );
  }

  /** Those of some stays that are at a desk of the unit, in the order given. */
  async atDesk(user: PageUser, request: PageRequest, desk: string, stays: readonly string[]): Promise<string[]> {
    const found: string[] = [];
    for (let from = 0; from < stays.length; from += AT_ONCE) {
      const some = await this.#ask(user, request, stays.slice(from, from + AT_ONCE));
      found.push(...some.flatMap((one) => (one.desk === desk ? [one.stay] : [])));
    }
    return found;
  }

  async #ask(user: PageUser, request: PageRequest, stays: readonly string[]): Promise<readonly HubCase[]> {
    if (stays.length === 0) return [];
    const { status, body } = await this.#hub.ask(user, request, { path: '/cases', body: { stays } });
    return status === 200 ? (body as { readonly cases: readonly HubCase[] }).cases : [];
  }
}
