/*
  <quiz-ordering> puts elements into an order by buttons or by dragging.

  It wraps a list that works without it, and writes into the selects it finds there:

    <quiz-ordering data-up="Move up: {element}" data-down="Move down: {element}"
                   data-moved="{element}, now {position} of {total}" data-used="This order is your answer now.">
      <ol>
        <li>
          <span class="order__handle"></span>
          <span class="order__text">Assess the tissue</span>
          <select class="order__position" name="position-e1"><option value="">–</option><option>1</option>…</select>
        </li>
        …
      </ol>
      <template data-part="grip"> an icon </template>
      <template data-part="moves"> <span> <button data-move="up">…</button> <button data-move="down">…</button> </span> </template>
      <template data-part="note"> <div> … <button data-use>Use this order</button> </div> </template>
    </quiz-ordering>

  The order in which elements happen to be shown is no answer: the selects stay blank until something is moved or
  "Use this order" is pressed. A change of the answer is told by a bubbling `change` event on a select.
  Each row stays in the document while its neighbours move around it, so focus and a running drag are never lost.
*/

class QuizOrdering extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("ol");
    if (this.status || !this.list || this.querySelector("select:disabled")) return;

    this.status = document.createElement("p");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.append(this.status);

    this.note = this.part("note");
    if (this.note) this.append(this.note);

    for (const row of this.rows) this.enhance(row);
    this.addEventListener("click", (event) => this.onClick(event));
    this.refresh();
  }

  get rows() {
    return [...this.list.children];
  }

  part(name) {
    const template = this.querySelector(`template[data-part="${name}"]`);
    return template ? template.content.firstElementChild.cloneNode(true) : null;
  }

  enhance(row) {
    const moves = this.part("moves");
    const name = nameOf(row);
    for (const button of moves.querySelectorAll("[data-move]")) {
      button.setAttribute("aria-label", fill(this.dataset[button.dataset.move], { element: name }));
    }
    row.append(moves);
    selectOf(row).hidden = true;

    const handle = row.querySelector(".order__handle");
    const grip = this.part("grip");
    if (!handle || !grip) return;
    handle.append(grip);
    handle.style.touchAction = "none";
    handle.addEventListener("pointerdown", (event) => this.startDrag(event, row, handle));
  }

  onClick(event) {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.hasAttribute("data-use")) {
      this.commit();
      this.say(this.dataset.used);
      this.list.querySelector("button:not(:disabled)")?.focus();
      return;
    }
    if (!button.dataset.move) return;
    const row = button.closest("li");
    this.move(row, this.rows.indexOf(row) + (button.dataset.move === "up" ? -1 : 1));
    this.commit();
    this.sayPlaceOf(row);
    // At either end the pressed button is switched off; its twin takes the focus over.
    if (button.disabled) row.querySelector("[data-move]:not(:disabled)")?.focus();
  }

  startDrag(event, row, handle) {
    if (event.button !== 0) return;
    event.preventDefault();
    const from = this.rows.indexOf(row);
    handle.setPointerCapture(event.pointerId);
    row.toggleAttribute("data-dragging", true);

    const follow = (move) => this.follow(row, move.clientY);
    const end = (last) => {
      handle.removeEventListener("pointermove", follow);
      handle.removeEventListener("pointerup", end);
      handle.removeEventListener("pointercancel", end);
      row.removeAttribute("data-dragging");
      if (last.type === "pointercancel") this.move(row, from);
      if (this.rows.indexOf(row) === from) return;
      this.commit();
      this.sayPlaceOf(row);
    };
    handle.addEventListener("pointermove", follow);
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", end);
  }

  /* Past the middle of a neighbour the row changes places with it. */
  follow(row, y) {
    const rows = this.rows;
    const at = rows.indexOf(row);
    const middle = (neighbour) => {
      const box = neighbour.getBoundingClientRect();
      return box.top + box.height / 2;
    };
    let to = at;
    while (to > 0 && y < middle(rows[to - 1])) to -= 1;
    if (to === at) while (to < rows.length - 1 && y > middle(rows[to + 1])) to += 1;
    if (to !== at) this.move(row, to);
  }

  move(row, to) {
    let at = this.rows.indexOf(row);
    for (; at > to && row.previousElementSibling; at -= 1) row.after(row.previousElementSibling);
    for (; at < to && row.nextElementSibling; at += 1) row.before(row.nextElementSibling);
  }

  /* Write the order shown into the selects: from here on it is the answer. */
  commit() {
    const rows = this.rows;
    rows.forEach((row, place) => {
      selectOf(row).value = String(place + 1);
    });
    this.refresh();
    selectOf(rows[0]).dispatchEvent(new Event("change", { bubbles: true }));
  }

  refresh() {
    const rows = this.rows;
    rows.forEach((row, place) => {
      row.querySelector('[data-move="up"]').disabled = place === 0;
      row.querySelector('[data-move="down"]').disabled = place === rows.length - 1;
    });
    if (this.note) this.note.hidden = rows.every((row) => selectOf(row).value !== "");
  }

  sayPlaceOf(row) {
    const rows = this.rows;
    this.say(
      fill(this.dataset.moved, {
        element: nameOf(row),
        position: rows.indexOf(row) + 1,
        total: rows.length,
      }),
    );
  }

  say(text) {
    this.status.textContent = text;
  }
}

function selectOf(row) {
  return row.querySelector("select");
}

function nameOf(row) {
  return row.querySelector(".order__text").textContent.trim();
}

function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

if (!customElements.get("quiz-ordering")) customElements.define("quiz-ordering", QuizOrdering);
