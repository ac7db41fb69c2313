/** The answer to a question about a shell that is not run. */
export type Tri = 'yes' | 'no' | 'unclear';

export const tri = (claim: boolean): Tri => (claim ? 'yes' : 'no');
export const not = (a: Tri): Tri => (a === 'unclear' ? a : a === 'yes' ? 'no' : 'yes');
export const and = (a: Tri, b: Tri): Tri =>
  a === 'no' || b === 'no' ? 'no' : a === 'yes' && b === 'yes' ? 'yes' : 'unclear';
export const or = (a: Tri, b: Tri): Tri => not(and(not(a), not(b)));
