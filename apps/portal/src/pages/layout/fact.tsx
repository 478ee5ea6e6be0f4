import type { VNode } from 'preact';

/** A line of a list of facts: what it is, and how it is. */
export function Fact({ name, value }: { readonly name: string; readonly value: string }): VNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
