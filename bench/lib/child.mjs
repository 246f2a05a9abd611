/** One run: `child.mjs '{"measure":…,"subject":…,"url":…,"parameters":{…}}'`; tells its parent. */

const { measure, subject, url, parameters } = JSON.parse(process.argv[2]);
const { run } = await import(`../measures/${measure}.mjs`);

/** Imported late: what it costs to load is one of the measures. */
async function start(options = {}) {
  const module = await import(`../subjects/${subject}.mjs`);
  return module.start({ url, enabled: true, gzip: false, ...options });
}

const result = await run({ start, subject, parameters });
// Not every subject lets its process end by itself.
process.send(result, () => process.exit());
