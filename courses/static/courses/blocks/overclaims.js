/*
  <lesson-overclaims> compares the sentences that were marked with those that overclaim, and shows the reasons.

    <lesson-overclaims data-result="Judged rightly: {right} of {total} sentences. …">
      <ul><li><label><input type="checkbox" data-overclaim> …</label> <div data-because hidden>…</div></li></ul>
      <button data-check>Check</button> <p role="status"></p>
      <template data-mark="found">…</template> (also fine, missed, alarm)
    </lesson-overclaims>
*/

import { fill, mark, say, unmark } from "./words.js";

class LessonOverclaims extends HTMLElement {
  connectedCallback() {
    if (this.boxes) return;
    this.boxes = [...this.querySelectorAll('input[type="checkbox"]')];
    for (const box of this.boxes) box.addEventListener("change", () => this.clear(box));
    this.querySelector("[data-check]").addEventListener("click", () => this.check());
  }

  clear(box) {
    const row = box.closest("li");
    unmark(row);
    row.querySelector("[data-because]").hidden = true;
  }

  check() {
    let right = 0;
    for (const box of this.boxes) {
      const row = box.closest("li");
      const isOverclaim = box.hasAttribute("data-overclaim");
      right += box.checked === isOverclaim;
      if (isOverclaim) mark(this, row, box.checked ? "found" : "missed");
      else mark(this, row, box.checked ? "alarm" : "fine");
      const because = row.querySelector("[data-because]");
      because.hidden = false;
      row.append(because);
    }
    say(this, fill(this.dataset.result, { right, total: this.boxes.length }));
  }
}

if (!customElements.get("lesson-overclaims")) customElements.define("lesson-overclaims", LessonOverclaims);
