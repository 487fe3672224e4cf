/*
  <quiz-hotspot> marks places on a picture, by a click, a tap, or a crosshair moved with the arrow keys.

  It wraps a list of boxes that works without it, and writes into a field that a form sends like any other:

    <quiz-hotspot data-max="2" data-set="Point {number} set …" data-at="…" …>
      <div class="plate"><img><svg class="plate__marks">…</svg></div>
      <input type="text" name="points" value="0.25,0.5 0.1,0.75" hidden>
      <details open><summary>…</summary> boxes named `answer` </details>
      <template data-part="surface"> what takes clicks and keys, with the crosshair </template>
      <template data-part="point"> a mark </template>
      <template data-part="tools"> help, an empty list, a status </template>
      <template data-part="entry"> <li><span></span><button>…</button></li> </template>
    </quiz-hotspot>

  The list is an equal way to answer and stays at hand. One way clears the other: an answer is points or regions.
  A change of the points is told by a bubbling `change` event on the field. After writing into the field or the boxes
  from outside, call `refresh()`.
*/

const STEP = 0.01;
const BIG_STEP = 0.05;
const FAR_RIGHT = 0.9; // From here on a number stands on the left of its point, or it would leave the picture.
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

class QuizHotspot extends HTMLElement {
  connectedCallback() {
    this.plate = this.querySelector(".plate");
    if (this.surface || !this.plate || this.isOff) return;

    this.field = this.querySelector('input[name="points"]');
    this.marks = this.querySelector(".plate__marks");
    this.list = this.querySelector("details");
    this.max = Number(this.dataset.max);
    this.cursor = [0.5, 0.5];

    this.surface = this.part("surface");
    this.cross = this.surface.querySelector(".hotspot__cross");
    this.plate.append(this.surface);
    const tools = this.part("tools");
    this.entries = tools.querySelector("ul");
    this.status = tools.querySelector('[role="status"]');
    this.plate.after(tools);

    this.surface.addEventListener("click", (event) => this.onClick(event));
    this.surface.addEventListener("keydown", (event) => this.onKey(event));
    this.entries.addEventListener("click", (event) => this.onEntry(event));
    this.list.addEventListener("change", () => this.onList());
    this.list.addEventListener("toggle", () => this.lockList());
    this.list.open = this.boxes.some((box) => box.checked);
    this.refresh();
  }

  get isOff() {
    return this.matches("fieldset:disabled *");
  }

  get boxes() {
    return [...this.list.querySelectorAll("input")];
  }

  get points() {
    return this.field.value.split(" ").filter(Boolean).map((point) => point.split(",").map(Number));
  }

  set points(points) {
    this.field.value = points.map((point) => point.join(",")).join(" ");
    this.refresh();
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  part(name) {
    return this.querySelector(`template[data-part="${name}"]`).content.firstElementChild.cloneNode(true);
  }

  onClick(event) {
    const box = this.surface.getBoundingClientRect();
    this.cursor = [limited((event.clientX - box.left) / box.width), limited((event.clientY - box.top) / box.height)];
    this.put();
  }

  onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in MOVES) {
      const step = event.shiftKey ? BIG_STEP : STEP;
      this.cursor = MOVES[event.key].map((way, axis) => limited(this.cursor[axis] + way * step));
      this.refresh();
      this.say(this.dataset.at, this.cursor);
    } else if (event.key === "Enter" || event.key === " ") {
      if (!event.repeat) this.put();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      this.remove(this.nearest());
    } else return;
    event.preventDefault();
  }

  onEntry(event) {
    const button = event.target.closest("button");
    if (!button) return;
    this.remove([...this.entries.children].indexOf(button.closest("li")));
    this.surface.focus({ preventScroll: true });
  }

  /* A choice from the list stands in for the points. Its own change event goes on to the form. */
  onList() {
    if (!this.field.value || !this.boxes.some((box) => box.checked)) return;
    this.field.value = "";
    this.refresh();
    this.say(this.dataset.clearedPoints);
  }

  put() {
    if (this.isOff) return;
    const isFromList = this.boxes.some((box) => box.checked);
    for (const box of this.boxes) box.checked = false;
    // Where one place is asked for, a new point takes the place of the old one.
    const points = this.max === 1 ? [] : this.points;
    if (points.length >= this.max) {
      this.say(this.dataset.full);
      return;
    }
    if (!points.some((point) => String(point) === String(this.cursor))) points.push(this.cursor);
    this.points = points;
    this.lockList();
    this.say(this.dataset.set, this.cursor, points.length);
    if (isFromList) this.status.append(` ${this.dataset.clearedList}`);
  }

  remove(place) {
    if (this.isOff) return;
    const points = this.points;
    if (!points[place]) {
      this.say(this.dataset.none);
      return;
    }
    points.splice(place, 1);
    this.points = points;
    this.say(this.dataset.removed, this.cursor, place + 1);
  }

  /* The place in the list of the point that is nearest to the crosshair; -1 without points. */
  nearest() {
    const distances = this.points.map(([x, y]) => Math.hypot(x - this.cursor[0], y - this.cursor[1]));
    return distances.indexOf(Math.min(...distances));
  }

  /* Letters pick options; they must not pick what cannot be seen. */
  lockList() {
    for (const box of this.boxes) box.disabled = !this.list.open && !this.boxes.some((one) => one.checked);
  }

  refresh() {
    if (!this.surface) return;
    this.marks.replaceChildren(
      ...this.points.map((point, place) => {
        const mark = this.part("point");
        moveTo(mark, point);
        const number = mark.querySelector("text");
        number.textContent = this.max === 1 ? "" : place + 1;
        const isLeft = point[0] > FAR_RIGHT;
        number.setAttribute("x", isLeft ? "-13" : "13");
        number.setAttribute("text-anchor", isLeft ? "end" : "start");
        return mark;
      }),
    );
    this.entries.replaceChildren(
      ...this.points.map((_, place) => {
        const entry = this.part("entry");
        entry.querySelector("span").textContent = fill(this.dataset.point, { number: place + 1 });
        entry.querySelector("button").setAttribute("aria-label", fill(this.dataset.remove, { number: place + 1 }));
        return entry;
      }),
    );
    moveTo(this.cross, this.cursor);
    if (this.boxes.some((box) => box.checked)) this.list.open = true;
    this.lockList();
  }

  say(pattern, [x, y] = this.cursor, number = 0) {
    this.status.textContent = fill(pattern, { x: percent(x), y: percent(y), number, max: this.max });
  }
}

/* Within the picture, and as exact as an answer is kept. */
function limited(share) {
  return Math.round(Math.min(1, Math.max(0, share)) * 10000) / 10000;
}

function percent(share) {
  return Math.round(share * 100);
}

function moveTo(mark, [x, y]) {
  mark.setAttribute("x", `${x * 100}%`);
  mark.setAttribute("y", `${y * 100}%`);
}

function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

if (!customElements.get("quiz-hotspot")) customElements.define("quiz-hotspot", QuizHotspot);
