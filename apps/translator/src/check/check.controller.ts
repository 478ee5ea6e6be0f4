import { Controller, type DynamicModule, HttpCode, Inject, Module, Post, Query, Req } from '@nestjs/common';
import { type Caller, senderIdOf } from '#libs/county';
import { COURSES } from '#libs/domain';
import { HL7_CONTENT_TYPE } from '#libs/hl7v2';
import {
  CurrentCaller,
  Described,
  type HttpRequest,
  listOf,
  objectOf,
  Operation,
  readBytes,
  refuse,
  TEXT,
} from '#libs/http';
import { type Clock, type Configuration, fault, rulesInForce } from '#libs/platform';
import { READERS } from '../translate-record.ts';
import { type Checked, checkMessage, type CheckParts } from './check-message.ts';
import { checkText } from './check-text.ts';

const CHECK_PARTS = Symbol('what a check asks');

const PROBLEM = objectOf({ code: TEXT, place: TEXT, text: TEXT, remedy: TEXT, grade: TEXT }, ['place', 'grade']);
const WOULD_TELL = objectOf({ kind: TEXT, recipient: TEXT, name: TEXT, ground: TEXT, why: listOf(TEXT) }, ['ground']);
const MESSAGE = {
  ...{ kind: TEXT, sender: TEXT, controlId: TEXT, trigger: TEXT },
  answer: { enum: ['AA', 'AE', 'AR', 'none'] },
  taken: { type: 'boolean' },
  faults: listOf(PROBLEM),
  findings: listOf(PROBLEM),
  becomes: listOf(
    objectOf({
      ...{ trigger: TEXT, course: { enum: COURSES } },
      ...{ told: listOf(WOULD_TELL), withheld: listOf(WOULD_TELL) },
      tasks: listOf(objectOf({ code: TEXT, owner: TEXT, text: TEXT })),
      lacks: listOf(objectOf({ what: TEXT, place: TEXT, text: TEXT })),
      admission: { type: 'boolean' },
    }),
  ),
};
const UNNAMED = ['sender', 'controlId', 'trigger'];
const CHECKED = objectOf({ ...MESSAGE, messages: listOf(objectOf(MESSAGE, UNNAMED)), text: listOf(TEXT) }, [
  ...UNNAMED,
  'messages',
]);

const MOST_BYTES = 1_048_576;
/** Media type -> kind of inbound record. */
const KINDS: ReadonlyMap<string, string> = new Map([
  [HL7_CONTENT_TYPE, 'hl7v2'],
  ['application/fhir+json', 'fhir-message'],
  ['application/json', 'notice-form'],
]);
const SENDER = /^[A-Za-z0-9-]{1,64}$/;

/** `POST /check` (contract 3): what a message would become, who would get it, and what is wrong with it. Nothing is stored. */
@Controller('check')
export class CheckController {
  readonly #parts: CheckParts;

  constructor(@Inject(CHECK_PARTS) parts: CheckParts) {
    this.#parts = parts;
  }

  /** @throws RefusedRequest 413, 415 for a media type that no way in reads, 400 for an odd sender */
  @Post()
  @HttpCode(200)
  @Operation('check')
  @Described({
    summary: 'What a message would become, who would get it, what is missing and where; nothing is stored',
    body: Object.fromEntries([...KINDS.keys()].map((type) => [type, {}])),
    answer: { 'application/json': CHECKED },
  })
  async check(
    @CurrentCaller() caller: Caller,
    @Req() request: HttpRequest,
    @Query('sender') asked: unknown,
  ): Promise<Checked & { readonly text: readonly string[] }> {
    const kind = KINDS.get(mediaTypeOf(request));
    if (kind === undefined || !READERS.has(kind)) return refuse(fault('unsupported-media'));
    const isOwn = !caller.roles.includes('operator');
    const sender = isOwn ? ownName(caller) : senderIn(asked);
    const checked = checkMessage({ bytes: await readBytes(request, MOST_BYTES), kind, sender, isOwn }, this.#parts);
    return { ...checked, text: checkText(checked) };
  }
}

function mediaTypeOf({ headers }: HttpRequest): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
}

/** The agreement of `sender:<MSH-4>`, or the party, as the record on `inbound` would name who sent it. */
function ownName(caller: Caller): string {
  return senderIdOf(caller) ?? caller.name;
}

function senderIn(sender: unknown): string | undefined {
  if (sender === undefined) return undefined;
  return typeof sender === 'string' && SENDER.test(sender) ? sender : refuse(fault('bad-parameter', 'sender'));
}

/** `POST /check`, in the process of the translator, whose readers it uses; it needs no Kafka and no stage. */
@Module({})
export class CheckModule {
  static register(parts: {
    readonly clock: Clock;
    readonly configuration: Pick<Configuration, 'rules'>;
    readonly county: CheckParts['county'];
  }): DynamicModule {
    const { clock, configuration, county } = parts;
    const check: CheckParts = { county, parameters: rulesInForce(configuration.rules), now: () => clock.now() };
    return {
      module: CheckModule,
      controllers: [CheckController],
      providers: [{ provide: CHECK_PARTS, useValue: check }],
    };
  }
}
