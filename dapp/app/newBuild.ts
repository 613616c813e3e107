/**
 * A page that was opened before a new build asks for parts of the old one, which are gone. Loading it anew mends that; if
 * it doesn't, something else is wrong, and the error is shown instead of a page that loads for ever.
 */

const RELOADED_AT = "salus.reloaded";
const PATIENCE_MS = 20_000;

/** Loads the page anew, once in a while, when Vite says that a part can't be had. */
export function reloadForNewBuild(): void {
  window.addEventListener("vite:preloadError", (event) => {
    const last = Number(sessionStorage.getItem(RELOADED_AT) ?? 0);
    if (Date.now() - last < PATIENCE_MS) return;
    event.preventDefault();
    sessionStorage.setItem(RELOADED_AT, String(Date.now()));
    window.location.reload();
  });
}
