/**
 * A table that is made when it is first asked for: without `redact` a program never needs it, and
 * making all of them takes milliseconds of its start.
 */
export function lazily<Table>(make: () => Table): () => Table {
  let table: Table | undefined;
  return () => {
    table ??= make();
    return table;
  };
}
