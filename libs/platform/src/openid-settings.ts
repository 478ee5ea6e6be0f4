import type { SettingsReader } from './settings-reader.ts';

/** Where people sign in, and how the pages are known there (OpenID Connect). */
export interface OpenIdSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

const ISSUER_RULE = {
  sv: 'ska vara utfärdarens adress (https://...), och http bara på den egna maskinen',
  en: "must be the issuer's address (https://...), and http only on this machine",
};
const TEXT_RULE = { sv: 'ska vara 1-500 tecken', en: 'must be 1-500 characters' };

/**
 * The sign-in of the pages. Without an issuer nobody signs in, and the pages say so; the embedded start brings a provider
 * with demonstration persons, which a production never has.
 * @param given what the embedded start made, where the environment names no issuer
 */
export function readOpenId(reader: SettingsReader, given: OpenIdSettings | undefined): OpenIdSettings | undefined {
  const issuer = reader.value('BRYGGAN_OPENID_ISSUER', ISSUER_RULE, issuerIn, undefined);
  const clientId = reader.text('BRYGGAN_OPENID_CLIENT_ID', /^.{1,500}$/, TEXT_RULE);
  const clientSecret = reader.text('BRYGGAN_OPENID_CLIENT_SECRET', /^.{1,500}$/, TEXT_RULE);
  if (issuer === undefined) return given;
  if (clientId === undefined) reader.problem('BRYGGAN_OPENID_CLIENT_ID', TEXT_RULE);
  if (clientSecret === undefined) reader.problem('BRYGGAN_OPENID_CLIENT_SECRET', TEXT_RULE);
  return { issuer, clientId: clientId ?? '', clientSecret: clientSecret ?? '' };
}

function issuerIn(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname } = new URL(text);
  const isHere = hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.');
  return protocol === 'https:' || (protocol === 'http:' && isHere) ? text : undefined;
}
