/*
  <quiz-labelling> puts labels at places of a picture: choose a label and a place, in either order.

  It wraps a list of selects that works without it, and writes into them:

    <quiz-labelling data-reuse data-place="Place {number}: {label}" data-put="{label} is at place {number} now." …>
      <div class="plate"><img><svg class="plate__marks">…</svg></div>
      <ul><li><label>…</label><select name="label-t1" data-x="30%" data-y="20%" data-number="1">…</select></li> …</ul>
      <template data-part="target"> a button </template>
      <template data-part="tools"> a <button data-label="b"> for each label, and a status </template>
    </quiz-labelling>

  The selects stay, as an equal way to answer. Without `data-reuse` a label that is chosen again leaves its former
  place. A change is told by a bubbling `change` event on a select. After writing into the selects from outside, call
  `refresh()`.
*/

class QuizLabelling extends HTMLElement {
  connectedCallback() {
    this.plate = this.querySelector(".plate");
    if (this.status || !this.plate || this.isOff) return;

    this.selects = [...this.querySelectorAll("select")];
    this.taken = [];
    const tools = this.part("tools");
    this.chips = [...tools.querySelectorAll("[data-label]")];
    this.status = tools.querySelector('[role="status"]');
    this.plate.after(tools);
    this.plate.querySelector(".plate__marks").toggleAttribute("hidden", true);
    this.targets = this.selects.map((select) => this.target(select));

    this.addEventListener("click", (event) => this.onClick(event));
    this.addEventListener("change", (event) => this.onChange(event));
    this.addEventListener("focusout", () => this.settle());
    this.refresh();
  }

  get isOff() {
    return this.matches("fieldset:disabled *");
  }

  part(name) {
    return this.querySelector(`template[data-part="${name}"]`).content.firstElementChild.cloneNode(true);
  }

  target(select) {
    const button = this.part("target");
    button.textContent = select.dataset.number;
    button.style.left = select.dataset.x;
    button.style.top = select.dataset.y;
    this.plate.append(button);
    return button;
  }

  onClick(event) {
    const button = event.target.closest("button");
    if (!button || this.isOff) return;
    const label = button.dataset.label || this.chosen(this.chips)?.dataset.label;
    const place = this.targets.includes(button) ? button : this.chosen(this.targets);
    const isChosen = button.getAttribute("aria-pressed") === "true";
    for (const one of [...this.chips, ...this.targets]) one.setAttribute("aria-pressed", "false");
    if (label && place) {
      const select = this.selects[this.targets.indexOf(place)];
      select.value = label;
      select.dispatchEvent(new Event("change", { bubbles: true }));
      this.settle();
    } else if (isChosen) {
      this.status.textContent = "";
    } else {
      button.setAttribute("aria-pressed", "true");
      if (button.dataset.label) this.say(this.dataset.labelTaken, { label: this.nameOf(label) });
      else this.say(this.dataset.placeTaken, { number: button.textContent });
    }
  }

  /* Heard before the form hears it, so that what is saved has no label twice. */
  onChange(event) {
    const select = event.target;
    if (!this.selects.includes(select)) return;
    this.giveBack(select);
    const others = this.selects.filter((other) => other !== select && select.value && other.value === select.value);
    const isMoved = others.length && !("reuse" in this.dataset);
    if (isMoved) {
      this.taken = others.map((other) => [other, other.value]);
      for (const other of others) other.value = "";
    }
    this.refresh();
    if (!select.value) return;
    this.say(isMoved ? this.dataset.moved : this.dataset.put, {
      label: this.nameOf(select.value),
      number: select.dataset.number,
      numbers: others.map((other) => other.dataset.number).join(", "),
    });
  }

  /* Arrow keys go through a list one by one: a label that was only passed by goes back to where it was. */
  giveBack(select) {
    for (const [other, label] of this.taken) if (!other.value && select.value !== label) other.value = label;
    this.settle();
  }

  settle() {
    this.taken = [];
  }

  chosen(buttons) {
    return buttons.find((button) => button.getAttribute("aria-pressed") === "true");
  }

  nameOf(label) {
    return this.chips.find((chip) => chip.dataset.label === label).firstElementChild.textContent.trim();
  }

  refresh() {
    if (!this.status) return;
    for (const [place, select] of this.selects.entries()) {
      const { number } = select.dataset;
      const words = select.value ? fill(this.dataset.place, { number, label: this.nameOf(select.value) }) : fill(this.dataset.empty, { number });
      this.targets[place].setAttribute("aria-label", words);
      this.targets[place].toggleAttribute("data-filled", Boolean(select.value));
    }
    for (const chip of this.chips) {
      const numbers = this.selects.filter((select) => select.value === chip.dataset.label).map((select) => select.dataset.number);
      chip.lastElementChild.textContent = numbers.length ? fill(this.dataset.used, { numbers: numbers.join(", ") }) : "";
    }
  }

  say(pattern, values) {
    this.status.textContent = fill(pattern, values);
  }
}

function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

if (!customElements.get("quiz-labelling")) customElements.define("quiz-labelling", QuizLabelling);
