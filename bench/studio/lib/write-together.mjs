/**
 * Writes in one transaction, all of it.
 * @throws the first error of a write: what lacks rows is not worth measuring
 */
export function writeTogether(store, writes) {
  const failed = store.writeTogether(writes).errors.find((error) => error !== undefined);
  if (failed !== undefined) throw failed;
}
