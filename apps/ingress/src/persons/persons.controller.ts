import { Controller, Inject, Post, Req, Res, type OnApplicationShutdown } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { Pool } from 'pg';
import type { Caller, PersonRegister } from '#libs/county';
import { readFormIdentity, readPersonQuestion, systemsOf } from '#libs/forms';
import { CurrentCaller, Described, Operation, refuse, type HttpRequest } from '#libs/http';
import { createPool, isDatabaseTrouble } from '#libs/persistence';
import { errorFields, fault, type Clock, type Configuration, type IdMaker, type Log } from '#libs/platform';
import { bytesOf, refusedForm } from '../form-requests.ts';
import { INGRESS_SCHEMA } from '../migrations/0001-answered-requests.ts';

export interface PersonsParts {
  readonly configuration: { readonly database: Pick<Configuration['database'], 'url'> };
  readonly clock: Clock;
  readonly ids: IdMaker;
  readonly log: Log;
  readonly register: PersonRegister;
}

export const PERSONS_PARTS = Symbol('what persons are looked up with');

const AUDIT = `
insert into person_lookup (at, caller, purpose, patient, found) values ($1, $2, $3, $4, $5)`;

/**
 * Who is this? (A psychiatric nurse knows neither the registered address nor the district.) The number stands in the body
 * and never in an address. Nobody is told anything before it is written down who asked, about whom, and why.
 */
@Controller()
export class PersonsController implements OnApplicationShutdown {
  readonly #parts: PersonsParts;
  readonly #pool: Pool;

  constructor(@Inject(PERSONS_PARTS) parts: PersonsParts) {
    this.#parts = parts;
    const { url } = parts.configuration.database;
    this.#pool = createPool({ url, applicationName: 'bryggan-ingress', schema: INGRESS_SCHEMA, max: 1 });
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#pool.end();
  }

  /** Body: `schemas/forms/person-question.json`. 200 with what the register knows; 404 for nobody of that number. */
  @Post('persons')
  @Operation('persons')
  @Described({
    summary: 'Who is this? What the register of persons knows; who asked is written down',
    body: { 'application/json': { $ref: 'https://bryggan.example/schemas/forms/person-question.json' } },
    answer: { 'application/json': { type: 'object', required: ['identity', 'family', 'given', 'formerly'] } },
  })
  async find(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: ServerResponse,
    @CurrentCaller() caller: Caller,
  ): Promise<string> {
    const read = readPersonQuestion(await bytesOf(request));
    if (!read.ok) return refusedForm(response, read.faults);
    const { identity: asked, purpose } = read.value;
    const identity = readFormIdentity(asked, systemsOf(caller.name));
    if (typeof identity === 'string') return refusedForm(response, [fault(identity, '$.identity.value')]);
    const { register, ids, log } = this.#parts;
    const patient = ids.patient(identity.system, identity.value);
    try {
      const person = await register.find(identity);
      await this.#audit(caller, purpose, patient, person !== undefined);
      if (person === undefined) return refuse(fault('not-found'));
      response.statusCode = 200;
      response.setHeader('content-type', 'application/json; charset=utf-8');
      return JSON.stringify(person);
    } catch (error) {
      if (!isDatabaseTrouble(error)) throw error;
      log.warn('ingress.storage-away', errorFields(error));
      return refuse(fault('storage-away'));
    }
  }

  async #audit(caller: Caller, purpose: string, patient: string, found: boolean): Promise<void> {
    await this.#pool.query(AUDIT, [this.#parts.clock.now(), caller.name, purpose, patient, found]);
  }
}
