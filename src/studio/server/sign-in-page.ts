import { ICON_URL } from "./icon";

/** Needs no script; the form may be sent nowhere else. */
export const SIGN_IN_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; " +
  "frame-ancestors 'none'";

export interface SignInPage {
  /** Where the reader goes afterwards: a path of the studio. */
  readonly next: string;
  /** What was wrong with the attempt before. */
  readonly problem?: string;
}

/** The form that asks for the secret key. */
export function signInPage({ next, problem }: SignInPage): string {
  const described = problem === undefined ? "sign-in-hint" : "sign-in-problem sign-in-hint";
  return documentOf(`
    <main class="sign-in">
      <p class="brand">
        <svg class="brand-mark" width="18" height="18" viewBox="0 0 18 18" aria-hidden="true"><path d="M4.5 1.5h9v4.2L9 9.6 4.5 5.7z" fill="currentColor"/><path d="M9 9v7.5" stroke="currentColor" stroke-width="1.6" stroke-linecap="round"/><path d="M1.5 13h4M12.5 13h4" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" opacity=".45"/></svg>
        <span>playhead</span>
      </p>
      <h1>Sign in</h1>
      <form method="post" action="/sign-in">
        <input type="hidden" name="next" value="${escaped(next)}">
        <label for="secret-key">Secret key</label>
        <input id="secret-key" name="secretKey" type="password" required autofocus autocomplete="current-password" spellcheck="false" placeholder="sk-lf-…" aria-describedby="${described}"${problem === undefined ? "" : ' aria-invalid="true"'}>
        ${problem === undefined ? "" : `<p class="sign-in-problem" id="sign-in-problem" role="alert">${escaped(problem)}</p>`}
        <button type="submit" class="button">Sign in</button>
      </form>
      <p class="sign-in-hint" id="sign-in-hint">
        The key that <code>playhead studio</code> printed when it made one, or the one it was given.
        Lost it? <code>playhead studio --new-keys</code> makes another.
      </p>
    </main>`);
}

/**
 * Goes on by itself to `path`. A cookie with `SameSite=Strict` is not sent when a link of another
 * site is followed; it is with the step from this page to the next, which is one of our own.
 */
export function stepPage(path: string): string {
  return documentOf(
    `<main class="sign-in"><p><a href="${escaped(path)}">Go on to the studio</a></p></main>`,
    `<meta http-equiv="refresh" content="0;url=${escaped(path)}">`,
  );
}

function documentOf(body: string, head = ""): string {
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Sign in – Playhead studio</title>
    <link rel="icon" href="${ICON_URL}" type="image/svg+xml">
    <link rel="stylesheet" href="/assets/app.css">
    ${head}
  </head>
  <body>${body}
  </body>
</html>
`;
}

function escaped(text: string): string {
  const entity = (character: string): string => `&#${character.charCodeAt(0)};`;
  return text.replace(/[&<>"'`]/g, entity);
}
