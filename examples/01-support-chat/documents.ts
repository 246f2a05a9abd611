import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export interface Passage {
  /** The document's title, and the heading the passage stands under: `Sessions › Score an answer`. */
  readonly title: string;
  readonly text: string;
}

/** The Markdown documents of a folder, one passage per heading. */
export function readPassages(folder: URL): Passage[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => file.endsWith(".md"));
  return files.sort().flatMap((file) => {
    const markdown = readFileSync(fileURLToPath(new URL(file, folder)), "utf8");
    return splitByHeading(file, markdown);
  });
}

export function splitByHeading(file: string, markdown: string): Passage[] {
  // A line that begins with # inside a fenced block is a comment of the code, not a heading.
  const parts = markdown.match(/^(?:```[\s\S]*?^```|.*)$/gm) ?? [];
  const sections: { heading: string; lines: string[] }[] = [];
  for (const part of parts) {
    const heading = /^#{1,3} +(.+)$/.exec(part)?.[1];
    if (heading !== undefined) sections.push({ heading, lines: [] });
    else sections.at(-1)?.lines.push(part);
  }
  const documentTitle = sections[0]?.heading ?? file;
  return sections.flatMap(({ heading, lines }, position) => {
    const text = lines.join("\n").trim();
    const title = position === 0 ? documentTitle : `${documentTitle} › ${heading}`;
    return text === "" ? [] : [{ title: title.replaceAll('"', "'"), text }];
  });
}
