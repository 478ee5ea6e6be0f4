import { Module, type DynamicModule } from '@nestjs/common';
import { localDate } from '#libs/domain';
import { publicDirectory } from './fhir-api/public-directory.ts';
import { hubView } from './hub-view/hub-view.ts';
import { partyView } from './party-view/party-view.ts';
import { HUB_VIEW, HubViewController, PARTY_VIEW, PartyViewController, type PortalParts } from './views.controller.ts';

/** What the portal does with records. `PortalStage` itself is started and stopped by who made it. */
@Module({})
export class PortalViewsModule {
  static register({ clock, county, topics: names }: PortalParts): DynamicModule {
    const directory = publicDirectory(county, localDate(clock.now()));
    return {
      module: PortalViewsModule,
      controllers: [PartyViewController, HubViewController],
      providers: [
        { provide: PARTY_VIEW, useValue: partyView({ names, clock, isPublic: (id) => directory.has(id) }) },
        { provide: HUB_VIEW, useValue: hubView({ names, clock }) },
      ],
    };
  }
}
