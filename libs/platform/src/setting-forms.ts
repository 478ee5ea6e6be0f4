/** Forms that several settings share. */
export const LOOPBACK = '127.0.0.1';
export const HOST = /^[A-Za-z0-9.:_-]{1,253}$/;
export const HOST_RULE = { sv: 'ska vara ett värdnamn eller en IP-adress', en: 'must be a host name or an IP address' };
export const NAME = /^[A-Za-z0-9._-]{1,80}$/;
export const NAME_RULE = {
  sv: 'får ha bokstäver, siffror och ._- (1-80 tecken)',
  en: 'may have letters, digits and ._- (1-80)',
};
export const PORT_MAX = 65_535;
