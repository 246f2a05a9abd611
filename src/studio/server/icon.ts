/** A playhead: a line with a marker on top. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><path fill="#0b665d" d="M8 2h16v8l-8 7-8-7z"/><path fill="#0b665d" d="M15 14h2v16h-2z"/></svg>`;

/** Within a page: browsers would ask for it again whenever the address changes. */
export const ICON_URL = `data:image/svg+xml,${encodeURIComponent(ICON)}`;
