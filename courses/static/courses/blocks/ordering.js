/*
  <lesson-ordering> puts steps into an order by buttons and says how many are in place.

    <lesson-ordering data-moved="{element}, now {position} of {total}" data-result="…" data-done="…">
      <ol data-rows>
        <li data-place="3"><span class="activity__text">…</span>
          <button data-move="up">…</button> <button data-move="down">…</button></li>
      </ol>
      <button data-check>Check</button> <p role="status"></p>
      <details data-answers>…</details>
      <template data-mark="right">…</template> <template data-mark="wrong">…</template>
    </lesson-ordering>
*/

import { fill, mark, say, unmark } from "./words.js";

class LessonOrdering extends HTMLElement {
  connectedCallback() {
    if (this.list) return;
    this.list = this.querySelector("[data-rows]");
    this.addEventListener("click", (event) => this.onClick(event));
    this.refresh();
  }

  get rows() {
    return [...this.list.children];
  }

  onClick(event) {
    const button = event.target.closest("button");
    if (button?.dataset.move) this.move(button);
    if (button?.matches("[data-check]")) this.check();
  }

  move(button) {
    const row = button.closest("li");
    const neighbour = button.dataset.move === "up" ? row.previousElementSibling : row.nextElementSibling;
    if (!neighbour) return;
    // The neighbour moves, so that the row keeps its focus.
    if (button.dataset.move === "up") row.after(neighbour);
    else row.before(neighbour);
    for (const one of this.rows) unmark(one);
    this.refresh();
    // At either end the pressed button is switched off; its twin takes the focus over.
    if (button.disabled) row.querySelector("[data-move]:not(:disabled)").focus();
    const rows = this.rows;
    const element = row.querySelector(".activity__text").textContent.trim();
    say(this, fill(this.dataset.moved, { element, position: rows.indexOf(row) + 1, total: rows.length }));
  }

  refresh() {
    const rows = this.rows;
    rows.forEach((row, place) => {
      row.querySelector('[data-move="up"]').disabled = place === 0;
      row.querySelector('[data-move="down"]').disabled = place === rows.length - 1;
    });
  }

  check() {
    const rows = this.rows;
    let right = 0;
    rows.forEach((row, place) => {
      const isRight = Number(row.dataset.place) === place + 1;
      right += isRight;
      mark(this, row, isRight ? "right" : "wrong");
    });
    const isDone = right === rows.length;
    say(this, fill(isDone ? this.dataset.done : this.dataset.result, { right, total: rows.length }));
    if (isDone) this.querySelector("[data-answers]").open = true;
  }
}

if (!customElements.get("lesson-ordering")) customElements.define("lesson-ordering", LessonOrdering);
