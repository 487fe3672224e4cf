/*
  <lesson-choosing> checks what was chosen in its selects: a group for each thing, or the other half of each pair.

    <lesson-choosing data-result="Right: {right} of {total}." data-done="All {total} are right.">
      <ul><li><label>… <select data-right="Established">…</select></label> <p data-because hidden>…</p></li></ul>
      <button data-check>Check</button> <p role="status"></p>
      <template data-mark="right">…</template> (also wrong, blank)
    </lesson-choosing>

  A right answer shows its reason, a wrong one only that it is wrong.
*/

import { fill, mark, say, unmark } from "./words.js";

class LessonChoosing extends HTMLElement {
  connectedCallback() {
    if (this.selects) return;
    this.selects = [...this.querySelectorAll("select")];
    for (const select of this.selects) select.addEventListener("change", () => this.judge(select, false));
    this.querySelector("[data-check]").addEventListener("click", () => this.check());
  }

  /* A new choice takes the verdict on the old one away. */
  judge(select, isChecked) {
    const row = select.closest("li");
    const isRight = select.value === select.dataset.right;
    const because = row.querySelector("[data-because]");
    if (isChecked) mark(this, row, isRight ? "right" : select.value ? "wrong" : "blank");
    else unmark(row);
    if (because) {
      because.hidden = !(isChecked && isRight);
      row.append(because);
    }
    return isRight;
  }

  check() {
    const right = this.selects.filter((select) => this.judge(select, true)).length;
    const total = this.selects.length;
    say(this, fill(right === total ? this.dataset.done : this.dataset.result, { right, total }));
  }
}

if (!customElements.get("lesson-choosing")) customElements.define("lesson-choosing", LessonChoosing);
