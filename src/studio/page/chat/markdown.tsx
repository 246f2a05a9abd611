import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { cutText } from "../../conversation/json-text";
import { type Block, parseMarkdown } from "../../conversation/markdown";
import type { Inline } from "../../conversation/markdown-inline";

/** A text in Markdown. Each node is made here, of the kinds named here: nothing in a text becomes HTML. */
export function Markdown({ text }: { text: string }): JSX.Element {
  const blocks = useMemo(() => parseMarkdown(text), [text]);
  return (
    <div class="prose" dir="auto">
      <Blocks blocks={blocks} />
    </div>
  );
}

function Blocks({ blocks }: { blocks: readonly Block[] }): JSX.Element {
  return (
    <>
      {blocks.map((block, index) => (
        <OneBlock key={index} block={block} />
      ))}
    </>
  );
}

function OneBlock({ block }: { block: Block }): JSX.Element {
  switch (block.kind) {
    case "paragraph":
      return (
        <p>
          <Inlines inlines={block.children} />
        </p>
      );
    case "heading":
      // Not a heading of the page: its outline is that of the turns.
      return (
        <p class="prose-heading" data-level={block.level}>
          <Inlines inlines={block.children} />
        </p>
      );
    case "quote":
      return (
        <blockquote>
          <Blocks blocks={block.blocks} />
        </blockquote>
      );
    case "list":
      return <List start={block.start} items={block.items} />;
    case "table":
      return <Table head={block.head} rows={block.rows} />;
    case "rule":
      return <hr />;
  }
}

function List(props: Pick<Extract<Block, { kind: "list" }>, "start" | "items">): JSX.Element {
  const items = props.items.map((blocks, index) => (
    <li key={index}>
      <Blocks blocks={blocks} />
    </li>
  ));
  return props.start === null ? <ul>{items}</ul> : <ol start={props.start}>{items}</ol>;
}

function Table(props: Pick<Extract<Block, { kind: "table" }>, "head" | "rows">): JSX.Element {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table is scrolled by keyboard
    <section class="prose-table" aria-label="Table" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {props.head.map((cell, column) => (
              <th key={column} scope="col">
                <Inlines inlines={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>
                  <Inlines inlines={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Inlines({ inlines }: { inlines: readonly Inline[] }): JSX.Element {
  return (
    <>
      {inlines.map((inline, index) => (
        <OneInline key={index} inline={inline} />
      ))}
    </>
  );
}

function OneInline({ inline }: { inline: Inline }): JSX.Element {
  switch (inline.kind) {
    case "text":
      return <>{inline.text}</>;
    case "code":
      return <code>{inline.text}</code>;
    case "strong":
      return (
        <strong>
          <Inlines inlines={inline.children} />
        </strong>
      );
    case "emphasis":
      return (
        <em>
          <Inlines inlines={inline.children} />
        </em>
      );
    case "strike":
      return (
        <s>
          <Inlines inlines={inline.children} />
        </s>
      );
    case "link":
      // Whatever its words say: the page asks before any link is followed, and shows the address.
      return (
        <a
          class="external"
          href={inline.url}
          title={cutText(inline.url, 300)}
          target="_blank"
          rel="noopener noreferrer nofollow"
        >
          <Inlines inlines={inline.children} />
        </a>
      );
  }
}
