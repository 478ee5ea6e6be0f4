import helmet from 'helmet';
import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/**
 * The headers that protect whoever shows an answer: helmet's, and `no-store`, for hardly an answer holds no content. None of
 * them hangs on the request, so that helmet is asked once, on an answer that goes nowhere.
 */
export function protectingHeaders(): readonly (readonly [name: string, value: string])[] {
  const request = new IncomingMessage(new Socket());
  const response = new ServerResponse(request);
  response.setHeader('cache-control', 'no-store');
  helmet()(request, response, (error) => {
    if (error !== undefined) throw error instanceof Error ? error : new Error('helmet failed');
  });
  return response.getHeaderNames().map((name) => [name, String(response.getHeader(name))]);
}
