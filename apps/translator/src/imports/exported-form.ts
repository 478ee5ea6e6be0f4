/**
 * A message of an old service as the notice form that says the same, not yet looked at; or why it says nothing that is carried
 * over.
 */
export type ExportedForm = { readonly form: object } | { readonly unread: string };
