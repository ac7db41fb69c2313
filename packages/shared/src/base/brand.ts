declare const brand: unique symbol;

/** A string that does not fit where another kind of identifier is asked for. */
export type Branded<Name extends string> = string & { readonly [brand]: Name };
