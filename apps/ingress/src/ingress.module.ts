import { Module, type DynamicModule, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { AppParts } from '#libs/hosting';
import { HttpIntake } from './answered-requests/http-intake.ts';
import { FhirMessagesController } from './fhir-messages/fhir-messages.controller.ts';
import { FhirMessages } from './fhir-messages/fhir-messages.ts';

/** Starts the intake before the first request can come, and ends it when the last is answered. */
class IntakeLife implements OnApplicationBootstrap, OnApplicationShutdown {
  readonly #intake: HttpIntake;

  constructor(intake: HttpIntake) {
    this.#intake = intake;
  }

  onApplicationBootstrap(): Promise<void> {
    return this.#intake.start();
  }

  onApplicationShutdown(): Promise<void> {
    return this.#intake.stop();
  }
}

/** The ways in by HTTP, one controller each, in the hub and in the ingress alone. */
@Module({})
export class IngressModule {
  static register(parts: Pick<AppParts, 'clock' | 'county' | 'health' | 'ids'>, intake: HttpIntake): DynamicModule {
    parts.health.add('http-intake', () => intake.isReady());
    return {
      module: IngressModule,
      controllers: [FhirMessagesController],
      providers: [
        { provide: HttpIntake, useValue: intake },
        { provide: FhirMessages, useValue: new FhirMessages({ ...parts, intake }) },
        { provide: IntakeLife, useValue: new IntakeLife(intake) },
      ],
    };
  }
}
