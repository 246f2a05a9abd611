/*
 * What `using` looks for. A realm of `node:vm`, in which some test runners run programs, may lack the
 * symbols; what compilers put in the place of `using` then looks for registered ones of their names.
 */

/** `Symbol.dispose` */
export const DISPOSE: typeof Symbol.dispose =
  Symbol.dispose ?? (Symbol.for("Symbol.dispose") as typeof Symbol.dispose); // stands in for it

/** `Symbol.asyncDispose` */
export const ASYNC_DISPOSE: typeof Symbol.asyncDispose =
  Symbol.asyncDispose ?? (Symbol.for("Symbol.asyncDispose") as typeof Symbol.asyncDispose); // likewise
