/** The schema of what senders and the operator can read. */
export const HUB_SCHEMA = 'portal_hub';
