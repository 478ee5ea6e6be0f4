import type { ServerResponse } from 'node:http';
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Caller } from '#libs/county';
import { type HttpRequest, refuse } from '#libs/http';
import { fault } from '#libs/platform';
import type { Assignment } from './sign-in/openid.ts';
import type { Session } from './sign-in/sessions.ts';

/** Who a page is made for: a person with an assignment, and the caller that the assignment's unit is in the directory. */
export interface PageUser {
  readonly subject: string;
  readonly name: string;
  readonly assignment: Assignment;
  readonly caller: Caller;
  readonly session: Session;
}

const PERSON_AT_WORK = /^[A-Za-z0-9@._:-]{1,64}$/;

/** The id under which a person is named in what is sent; undefined when the sign-in knows the person by something else. */
export function personAtWork({ subject }: Pick<PageUser, 'subject'>): string | undefined {
  return PERSON_AT_WORK.test(subject) ? subject : undefined;
}

/** The kinds of people who have pages (issue by role of the directory, never by what a claim calls itself). */
export type PageRole = 'party' | 'sender' | 'operator' | 'observer' | 'log-controller';

/**
 * The role that a user's pages follow; a caller of several has the first of these. Who has come to control the log of a unit sees
 * that log, and no case.
 */
export function roleOf({ assignment, caller }: Pick<PageUser, 'assignment' | 'caller'>): PageRole {
  if (assignment.controlsLog) return 'log-controller';
  const ordered = ['operator', 'observer', 'sender', 'party'] as const;
  return ordered.find((role) => caller.roles.includes(role)) ?? 'party';
}

/** A request for a page; the guard adds who asks. */
export type PageRequest = HttpRequest & {
  pageUser?: PageUser;
  /** Of a POST: the form's fields, read by the guard, which has to know whose form it is. */
  form?: URLSearchParams;
  params?: Readonly<Record<string, string>>;
};

/** Who the page is for, as the guard found. */
export const User = createParamDecorator((_data: unknown, context: ExecutionContext): PageUser => {
  const { pageUser } = context.switchToHttp().getRequest<PageRequest>();
  return pageUser ?? refuse(fault('unauthenticated'));
});

/** The fields of the form that was sent. */
export const Form = createParamDecorator((_data: unknown, context: ExecutionContext): URLSearchParams => {
  return context.switchToHttp().getRequest<PageRequest>().form ?? new URLSearchParams();
});

/** The stay that an address names; undefined for anything that is no id of one. */
export function stayIn({ params }: PageRequest): string | undefined {
  return idOf(params?.['stay']);
}

/** A part of an address that is an id of the hub; undefined for anything else. */
export function idOf(part = ''): string | undefined {
  return /^[0-9a-f-]{36}$/.test(part) ? part : undefined;
}

/** A cookie of the request. */
export function cookieOf({ headers }: HttpRequest, name: string): string | undefined {
  return parseCookie(headers.cookie ?? '')[name];
}

/**
 * Sets a cookie that scripts cannot read and other sites cannot send a form with; over TLS only there.
 * @param seconds how long the browser keeps it; 0 deletes it
 */
export function setCookie(
  response: ServerResponse,
  { name, value, secure, seconds }: { name: string; value: string; secure: boolean; seconds?: number },
): void {
  const cookie = { name, value, httpOnly: true, sameSite: 'lax', path: '/', secure } as const;
  response.appendHeader(
    'set-cookie',
    stringifySetCookie({ ...cookie, ...(seconds !== undefined && { maxAge: seconds }) }),
  );
}

/** Answers with a file to be kept. @param name says nothing of a person: it stands in the browser's list */
export function sendFile(
  response: ServerResponse,
  { name, type, content }: { readonly name: string; readonly type: string; readonly content: string | Uint8Array },
): void {
  response.setHeader('content-type', type);
  response.setHeader('content-disposition', `attachment; filename="${name}"`);
  response.end(content);
}

/** Sends the browser on, with a GET. */
export function sendOn(response: ServerResponse, address: string): void {
  response.statusCode = 303;
  response.setHeader('location', address);
  response.end();
}

/** An address of ours to go back to: anything else is the first page. A second slash would name another site. */
export function ownAddress(text: string | undefined): string {
  return text !== undefined && /^\/(?![/\\])[A-Za-z0-9/?=&._~%-]{0,300}$/.test(text) ? text : '/';
}
