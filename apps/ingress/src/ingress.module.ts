import { Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { FilePersonRegister, type County } from '#libs/county';
import type { Health } from '#libs/platform';
import { HttpIntake } from './answered-requests/http-intake.ts';
import { FhirMessagesController } from './fhir-messages/fhir-messages.controller.ts';
import { FhirMessages } from './fhir-messages/fhir-messages.ts';
import { Hl7v2Controller } from './hl7v2-over-http/hl7v2.controller.ts';
import { Hl7v2Intake } from './hl7v2-over-http/hl7v2-intake.ts';
import { FORM_PARTS, type FormParts } from './form-requests.ts';
import { DeviationReportsController } from './deviation-reports/deviation-reports.controller.ts';
import { NoticeFormsController } from './notice-forms/notice-forms.controller.ts';
import { PERSONS_PARTS, PersonsController, type PersonsParts } from './persons/persons.controller.ts';
import { RepliesController } from './replies/replies.controller.ts';

/** Starts the intake before the first request can come, and ends it when the last is answered. */
class IntakeLife implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #intake: HttpIntake;
  readonly #hl7v2: Hl7v2Intake;

  constructor(intake: HttpIntake, hl7v2: Hl7v2Intake) {
    this.#intake = intake;
    this.#hl7v2 = hl7v2;
  }

  onApplicationBootstrap(): Promise<void> {
    return this.#intake.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.#intake.stop(), this.#hl7v2.stop()]);
  }
}

/** What the ways in by HTTP are made with. */
export type IngressModuleParts = Omit<PersonsParts, 'register'> &
  FormParts & { readonly county: County; readonly health: Health };

/** The ways in by HTTP, one controller each, in the hub and in the ingress alone. */
@Module({})
export class IngressModule {
  static register(parts: IngressModuleParts, intake: HttpIntake, hl7v2: Hl7v2Intake): DynamicModule {
    parts.health.add('http-intake', () => intake.isReady());
    const persons: PersonsParts = { ...parts, register: new FilePersonRegister(parts.county) };
    return {
      module: IngressModule,
      controllers: [
        ...[FhirMessagesController, Hl7v2Controller],
        ...[RepliesController, NoticeFormsController, PersonsController, DeviationReportsController],
      ],
      providers: [
        { provide: HttpIntake, useValue: intake },
        { provide: FhirMessages, useValue: new FhirMessages({ ...parts, intake }) },
        { provide: Hl7v2Intake, useValue: hl7v2 },
        { provide: IntakeLife, useValue: new IntakeLife(intake, hl7v2) },
        { provide: FORM_PARTS, useValue: parts },
        { provide: PERSONS_PARTS, useValue: persons },
      ],
    };
  }
}
