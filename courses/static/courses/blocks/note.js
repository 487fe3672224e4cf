/*
  <lesson-note> keeps each model line back until the learner has written a line of their own.

    <lesson-note data-ready="A model line to compare with stands below.">
      <div data-part><label>… <textarea></textarea></label> <p data-first>…</p> <details>the model line</details></div>
      <p role="status"></p>
    </lesson-note>

  What is written goes nowhere.
*/

import { say } from "./words.js";

class LessonNote extends HTMLElement {
  connectedCallback() {
    if (this.isReady) return;
    this.isReady = true;
    for (const part of this.querySelectorAll("[data-part]")) {
      const field = part.querySelector("textarea");
      field.addEventListener("input", () => this.refresh(part));
      field.addEventListener("change", () => {
        if (field.value.trim()) say(this, this.dataset.ready);
      });
      this.refresh(part);
    }
  }

  refresh(part) {
    const isWritten = part.querySelector("textarea").value.trim() !== "";
    const model = part.querySelector("details");
    model.hidden = !isWritten && !model.open;
    part.querySelector("[data-first]").hidden = !model.hidden;
  }
}

if (!customElements.get("lesson-note")) customElements.define("lesson-note", LessonNote);
