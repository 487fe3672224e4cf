/**
 * One polite live region for the whole page.
 *
 *   <div class="visually-hidden" id="announcer" role="status" aria-live="polite" aria-atomic="true"></div>
 *
 *   announce("Saved at 10:42");
 *
 * No import is shown here: the storage that hashes file names would follow it, comment or not.
 */

const PAUSE = 100; // A screen reader misses text that changes in the tick in which the region was cleared.

let waiting;

export function announce(text) {
  const region = document.getElementById("announcer");
  if (!region) return;
  clearTimeout(waiting);
  region.textContent = "";
  waiting = setTimeout(() => {
    region.textContent = text;
  }, PAUSE);
}
