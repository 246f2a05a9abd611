import type { JSX } from "preact";
import type { TokenCounts } from "../../api/types";
import { formatInteger, formatTokens } from "../../conversation/format";
import { Hidden } from "./hidden";

/** Tokens in and out, exact in the tooltip; nothing when none were counted. */
export function Tokens({ tokens }: { tokens: TokenCounts }): JSX.Element | null {
  if (tokens.input === 0 && tokens.output === 0) return null;
  const exact = `${formatInteger(tokens.input)} tokens in, ${formatInteger(tokens.output)} out`;
  return (
    <span title={exact}>
      <Hidden>{exact}</Hidden>
      <span aria-hidden="true">
        {formatTokens(tokens.input)}
        <span class="arrow"> → </span>
        {formatTokens(tokens.output)}
      </span>
    </span>
  );
}
