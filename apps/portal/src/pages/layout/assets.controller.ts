import { Controller, Get, Req, Res } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { ServerResponse } from 'node:http';
import { Operation, type HttpRequest } from '#libs/http';
import { packageRoot } from '#libs/platform';

/** The parts of the design system that our pages use (MIT; plain CSS), its theme first and our own dress last. */
const DESIGN_SYSTEM = [
  ...['theme.css', 'base.css', 'heading.css', 'paragraph.css', 'link.css', 'skip-link.css', 'button.css', 'table.css'],
  ...['tag.css', 'alert.css', 'card.css', 'details.css', 'divider.css', 'field.css', 'fieldset.css', 'input.css'],
  ...['label.css', 'list.css', 'validation-message.css', 'error-summary.css'],
];

interface Asset {
  readonly type: string;
  readonly bytes: Buffer;
  readonly tag: string;
}

/** The two files that pages are dressed in. They hold no content, so a browser may keep them; it asks whether they changed. */
@Controller('resurser')
export class AssetsController {
  readonly #style = asset('text/css', styleSheet());
  readonly #script = asset('text/javascript', own('bryggan.js'));

  @Get('bryggan.css')
  @Operation('pages')
  style(@Req() request: HttpRequest, @Res() response: ServerResponse): void {
    send(request, response, this.#style);
  }

  @Get('bryggan.js')
  @Operation('pages')
  script(@Req() request: HttpRequest, @Res() response: ServerResponse): void {
    send(request, response, this.#script);
  }
}

function styleSheet(): string {
  const { resolve } = createRequire(import.meta.url);
  const parts = DESIGN_SYSTEM.map((name) => readFileSync(resolve(`@digdir/designsystemet-css/${name}`), 'utf8'));
  return [...parts, own('bryggan.css')].join('\n');
}

const own = (name: string): string => readFileSync(join(packageRoot(), 'apps/portal/assets', name), 'utf8');

function asset(type: string, text: string): Asset {
  const bytes = Buffer.from(text);
  return { type: `${type}; charset=utf-8`, bytes, tag: `"${createHash('sha256').update(bytes).digest('base64url')}"` };
}

function send(request: HttpRequest, response: ServerResponse, { type, bytes, tag }: Asset): void {
  response.setHeader('cache-control', 'public, max-age=0, must-revalidate');
  response.setHeader('etag', tag);
  if (request.headers['if-none-match'] === tag) {
    response.statusCode = 304;
    response.end();
    return;
  }
  response.setHeader('content-type', type);
  response.setHeader('content-length', bytes.length);
  response.end(request.method === 'HEAD' ? undefined : bytes);
}
