/**
 * The one place of the player where something may be said.
 *
 *   <div data-notes role="alert"></div>
 *   <template data-frame="warning"> <div class="alert alert--warning">… <div class="alert__body"></div></div> </template>
 *   <template data-note="offline"> <p>… <b data-fill="count"></b> <span data-if="saved">…</span> <button data-do="retry"> </template>
 *
 *   const notes = findNotes({ retry: () => saver.flush() });
 *   notes.show("offline", { count: 3, saved: "10:42:07" });
 *   notes.fill({ count: 2 });
 *   notes.reveal();
 *   notes.clear();
 */

import { fillIn } from "./fill.js";

export function findNotes(actions) {
  const region = document.querySelector("[data-notes]");
  let shown = "";

  region.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (button) actions[button.dataset.do]?.();
  });

  return {
    get shown() {
      return shown;
    },
    /* The same note twice is not said twice. */
    show(name, words = {}) {
      const template = document.querySelector(`template[data-note="${name}"]`);
      const mark = `${name}/${words.reason || ""}/${words.slot || ""}`;
      if (!template) return;
      if (mark !== shown) {
        const frame = document.querySelector(`template[data-frame="${template.dataset.tone || "warning"}"]`);
        const note = frame.content.cloneNode(true);
        note.querySelector(".alert__body").append(template.content.cloneNode(true));
        fillIn(note, words);
        region.replaceChildren(note);
        shown = mark;
      } else {
        fillIn(region, words);
      }
    },
    /* New figures in the note that is shown, whichever it is. */
    fill(words) {
      fillIn(region, words);
    },
    /* For what keeps a person from going on: it must be seen. */
    reveal() {
      region.scrollIntoView({ block: "center" });
    },
    clear() {
      region.replaceChildren();
      shown = "";
    },
  };
}
