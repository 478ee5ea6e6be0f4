import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { BaseExceptionFilter } from '@nestjs/core';
import type { ServerResponse } from 'node:http';
import { fault, type FaultName } from '#libs/platform';
import type { Incoming } from './http-exchange.ts';
import { send } from './http-exchange.ts';
import { refusal } from './refusal.ts';

const NAMES: Partial<Record<number, FaultName>> = { 413: 'body-too-large', 415: 'unsupported-media' };

function nameOf(status: number, method: string | undefined): FaultName {
  // A path that cannot be decoded never reaches the controller; it names nothing.
  if (status === 400) return method === 'POST' ? 'bad-body' : 'not-found';
  return NAMES[status] ?? (status < 500 ? 'not-found' : 'internal');
}

/**
 * What fails in front of the controller (a body parser, a guard of the hub) below `/fhir` is answered in FHIR too. All
 * other paths are as they were.
 */
@Catch()
export class FhirErrorsFilter extends BaseExceptionFilter implements ExceptionFilter {
  override catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Incoming>();
    const response = http.getResponse<ServerResponse>();
    if (!/^\/fhir([/?]|$)/.test(request.originalUrl ?? '') || response.headersSent) {
      super.catch(exception, host);
      return;
    }
    const status = exception instanceof HttpException ? exception.getStatus() : 500;
    send(response, refusal(fault(nameOf(status, request.method))), request.method);
  }
}
