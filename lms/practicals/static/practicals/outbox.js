/**
 * <practical-outbox data-examiner="…" data-reloads>: sends the checklists that this phone has kept, and says how it goes.
 *
 * With `data-reloads` the page is loaded anew once all are sent, as it then shows them.
 */

import { announce } from "../lms/js/announce.js";
import { begin, forget, inLine, news } from "./sender.js";

class PracticalOutbox extends HTMLElement {
  connectedCallback() {
    this.leaving = new AbortController();
    this.titles = [];
    news.addEventListener("sign-off", ({ detail }) => this.hear(detail), { signal: this.leaving.signal });
    this.count();
    begin({ examiner: this.dataset.examiner, token: this.querySelector('[name="csrfmiddlewaretoken"]').value });
  }

  disconnectedCallback() {
    this.leaving.abort();
  }

  hear({ what, entry, data }) {
    // The open checklist speaks for itself.
    const isElsewhere = !document.querySelector(`practical-checklist[data-key="${entry.key}"]`);
    if (what === "sent") {
      this.hide("[data-signed-out]");
      this.querySelector(`[data-refused="${entry.key}"]`)?.remove();
      if (isElsewhere) this.tellSent(entry);
      if ("reloads" in this.dataset && !inLine().length) location.reload();
    } else if (what === "signedOut") {
      this.reveal("[data-signed-out]");
    } else if (what === "refused" && isElsewhere) {
      this.tellRefused(entry, data);
    }
    this.count(what === "waits");
  }

  tellSent(entry) {
    this.titles.push(entry.title);
    this.querySelector("[data-titles]").textContent = this.titles.join(", ");
    this.reveal("[data-sent]");
    announce(this.querySelector("[data-sent] .alert__title").textContent.trim());
  }

  tellRefused(entry, data) {
    if (this.querySelector(`[data-refused="${entry.key}"]`)) return;
    const note = this.querySelector("template[data-refusal]").content.firstElementChild.cloneNode(true);
    note.dataset.refused = entry.key;
    note.querySelector("[data-title]").textContent = entry.title;
    note.querySelector("[data-reason]").textContent = data.detail || data.title || "";
    note.querySelector("[data-page]").href = entry.page;
    note.querySelector("[data-discard]").addEventListener("click", () => {
      forget(entry);
      note.remove();
      this.count();
    });
    this.append(note);
    this.hidden = false;
  }

  /* How many wait, once it is known that they do wait. */
  count(isWaiting = !navigator.onLine) {
    const refused = this.querySelectorAll("[data-refused]").length;
    const waiting = inLine().length - refused;
    this.querySelector("[data-count]").textContent = waiting;
    if (waiting > 0 && isWaiting) this.reveal("[data-waiting]");
    else if (waiting <= 0) this.hide("[data-waiting]");
  }

  reveal(part) {
    this.querySelector(part).hidden = false;
    this.hidden = false;
  }

  hide(part) {
    this.querySelector(part).hidden = true;
  }
}

customElements.define("practical-outbox", PracticalOutbox);
