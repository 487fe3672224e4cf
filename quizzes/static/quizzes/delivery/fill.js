/**
 * Puts words and figures where a template has left places for them.
 *
 *   <p data-if="saved">Last saved: <b data-fill="saved"></b></p>
 *
 *   fillIn(note, { saved: "10:42:07" });
 */

export function fillIn(root, words) {
  for (const [name, word] of Object.entries(words)) {
    for (const place of root.querySelectorAll(`[data-fill="${name}"]`)) place.textContent = word;
    for (const part of root.querySelectorAll(`[data-if="${name}"]`)) part.hidden = !word;
  }
}
