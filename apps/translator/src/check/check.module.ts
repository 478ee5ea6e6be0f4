import { Module, type DynamicModule } from '@nestjs/common';
import { rulesInForce, type Clock, type Configuration } from '#libs/platform';
import { CHECK_PARTS, CheckController } from './check.controller.ts';
import type { CheckParts } from './check-message.ts';

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
