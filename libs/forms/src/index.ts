export type { Reading } from './json-object.ts';
export { readJsonObject } from './json-object.ts';
export { isFaulty, readTime, type FormSchema } from './form-check.ts';
export { readReplyForm, REPLY_SCHEMAS, replyFaults, statementOf, type ReplyForm } from './reply-form.ts';
