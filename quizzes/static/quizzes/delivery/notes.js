/**
 * The one place of the player where something may be said.
 *
 *   <div data-notes role="alert"></div>
 *   <template data-note="offline"> <div class="alert">… <span data-reason></span> <button data-do="retry">…</button></div> </template>
 *
 *   const notes = findNotes({ retry: () => saver.flush() });
 *   notes.show("offline", { reason: "…" });
 *   notes.reveal();
 *   notes.clear();
 */

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
    show(name, { reason = "", slot = "" } = {}) {
      const template = document.querySelector(`template[data-note="${name}"]`);
      const mark = `${name}/${reason}/${slot}`;
      if (!template || mark === shown) return;
      const note = template.content.cloneNode(true);
      for (const part of note.querySelectorAll("[data-reason]")) part.textContent = reason;
      for (const part of note.querySelectorAll("[data-slot]")) part.textContent = slot;
      region.replaceChildren(note);
      shown = mark;
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
