import type { OperationOutcome, OperationOutcomeIssue } from 'fhir/r4.js';
import { SYSTEM } from './addresses.ts';

/** A row of the table of coded errors, as plain values. */
export interface OutcomeIssue {
  /** `BRY-nnnn`. */
  readonly code: string;
  /** FHIR's issue type. */
  readonly issueCode: string;
  readonly severity: OperationOutcomeIssue['severity'];
  /** For people, in Swedish; never content of a message. */
  readonly text: string;
  /** Where: a segment and field, or an element. */
  readonly place?: string;
}

/** R4's issue types; another word would make the very error report invalid. */
const ISSUE_TYPES =
  'invalid structure required value invariant security login unknown expired forbidden suppressed processing ' +
  'not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly ' +
  'business-rule conflict transient lock-error no-store exception timeout incomplete throttled informational';
const KNOWN: ReadonlySet<string> = new Set(ISSUE_TYPES.split(' '));
const isIssueType = (code: string): code is OperationOutcomeIssue['code'] => KNOWN.has(code);

function issueOf({ code, issueCode, severity, text, place }: OutcomeIssue): OperationOutcomeIssue {
  return {
    severity,
    code: isIssueType(issueCode) ? issueCode : 'processing',
    details: { coding: [{ system: SYSTEM.error, code }], text },
    ...(place === undefined || place === '' ? {} : { expression: [place] }),
  };
}

/** An error as FHIR tells it: the body of every refusal and the heart of every record on `rejected`. */
export function writeOutcome(issues: OutcomeIssue | readonly OutcomeIssue[], id?: string): OperationOutcome {
  const all: readonly OutcomeIssue[] = 'code' in issues ? [issues] : issues;
  return {
    resourceType: 'OperationOutcome',
    ...(id === undefined ? {} : { id }),
    issue: all.map(issueOf),
  };
}
