import { Controller, Get, Res } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { Operation } from '#libs/http';
import { Page, sendPage } from './layout/page.tsx';

/** The accessibility statement (DOS-lagen, WCAG 2.1 AA). */
@Controller('tillganglighet')
export class AccessibilityController {
  @Get()
  @Operation('pages')
  statement(@Res() response: ServerResponse): void {
    sendPage(
      response,
      <Page
        title="Tillgänglighet"
        help="Här står hur sidorna ska kunna användas av alla, och vart du vänder dig när något inte går."
      >
        <h1>Tillgänglighet</h1>
        <p>
          Bryggans sidor ska kunna användas av alla. De följer WCAG 2.1 på nivå AA: de fungerar med tangentbord, med
          skärmläsare, utan JavaScript, i 200 procents förstoring, på 320 bildpunkters bredd och i mörkt läge.
        </p>
        <h2>Så har de provats</h2>
        <p>
          Varje sida provas i en riktig webbläsare och med verktyget axe vid varje ändring av programmet: i ljust och
          mörkt läge, på 320 bildpunkters bredd och i 200 procents förstoring. Inkorgen och ett ärende provas med
          tangentbord.
        </p>
        <h2>Det här vet vi om</h2>
        <ul>
          <li>Bilderna i uppföljningen läses inte upp. Samma tal står i tabellen intill varje bild.</li>
          <li>Sidorna har inte prövats av personer som själva använder hjälpmedel.</li>
        </ul>
        <h2>Hittar du något som inte fungerar?</h2>
        <p>
          Säg till den som driver Bryggan i din verksamhet. Får du ingen hjälp kan du anmäla det till Myndigheten för
          digital förvaltning, som har tillsyn över lagen om tillgänglighet till digital offentlig service.
        </p>
      </Page>,
    );
  }
}
