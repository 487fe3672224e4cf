/*
  <lesson-find> asks for one region of a figure after the other; it is tapped there, or its letter chosen from a list.

    <lesson-find data-ask="Find: {region}" data-right="…" data-shown="…" data-other="…" data-nothing="…" data-done="…">
      <p data-ask></p>
      <div data-plate><svg>the figure</svg> <svg class="plate__marks"><g data-spot="A">…</g></svg></div>
      <p role="status"></p>
      <div data-tools><details data-list>… <button data-choose="A">A: top left</button></details>
        <button data-show>Show me</button></div>
      <ul><li data-region="A" data-name="Axilla" data-x="41" data-y="20" data-radius="6"><details>…</details></li></ul>
      <button data-restart hidden>…</button>
    </lesson-find>

  `x` and `y` are percent of the figure's width and height, `radius` percent of its width. Letters show while the list
  is open; a region that was found keeps its letter and is told of below. While something is asked for, `data-asking`
  stands on the plate, and names printed in the drawing (`fig-name`) are hidden.
*/

import { fill, focusOn, say } from "./words.js";

const LEAST_REACH = 22; // Half of what a thumb must hit, in pixels.

class LessonFind extends HTMLElement {
  connectedCallback() {
    if (this.regions) return;
    this.regions = [...this.querySelectorAll("[data-region]")];
    this.plate = this.querySelector("[data-plate]");
    this.ask = this.querySelector("p[data-ask]");
    this.list = this.querySelector("[data-list]");
    this.tools = this.querySelector("[data-tools]");
    this.restart = this.querySelector("[data-restart]");
    this.plate.addEventListener("click", (event) => this.try(this.regionAt(event)));
    this.list.addEventListener("click", (event) => {
      const letter = event.target.closest("[data-choose]")?.dataset.choose;
      if (letter) this.try(this.regions.find((region) => region.dataset.region === letter));
    });
    this.list.addEventListener("toggle", () => this.plate.toggleAttribute("data-lettered", this.list.open));
    this.querySelector("[data-show]").addEventListener("click", () => this.found(this.dataset.shown));
    this.restart.addEventListener("click", () => {
      this.begin();
      focusOn(this.ask);
    });
    this.begin();
  }

  /* Regions stand from the top down; every other one first makes the way less foreseeable. */
  begin() {
    const odd = this.regions.filter((_region, place) => place % 2);
    this.waiting = [...odd, ...this.regions.filter((_region, place) => place % 2 === 0)];
    for (const region of this.regions) {
      region.hidden = true;
      this.spotOf(region).removeAttribute("data-found");
    }
    this.tools.hidden = false;
    this.restart.hidden = true;
    say(this, "");
    this.askNext();
  }

  spotOf(region) {
    return this.querySelector(`[data-spot="${region.dataset.region}"]`);
  }

  askNext() {
    const [next] = this.waiting;
    this.ask.textContent = next
      ? fill(this.dataset.ask, { region: next.dataset.name })
      : fill(this.dataset.done, { total: this.regions.length });
    this.plate.toggleAttribute("data-asking", Boolean(next));
    this.tools.hidden = !next;
    this.restart.hidden = Boolean(next);
  }

  /* The region whose middle is nearest among those that the tap is in. */
  regionAt(event) {
    const box = this.plate.getBoundingClientRect();
    const distance = ({ dataset }) =>
      Math.hypot(
        event.clientX - box.left - (box.width * dataset.x) / 100,
        event.clientY - box.top - (box.height * dataset.y) / 100,
      );
    return this.regions
      .filter((region) => distance(region) <= Math.max(LEAST_REACH, (box.width * region.dataset.radius) / 100))
      .sort((one, other) => distance(one) - distance(other))[0];
  }

  try(region) {
    const [asked] = this.waiting;
    if (!asked) return;
    if (region === asked) this.found(this.dataset.right);
    else say(this, region ? fill(this.dataset.other, { region: region.dataset.name }) : this.dataset.nothing);
  }

  found(sentence) {
    const region = this.waiting.shift();
    region.hidden = false;
    this.spotOf(region).toggleAttribute("data-found", true);
    this.askNext();
    const told = region.querySelector("details > p").textContent;
    say(this, `${fill(sentence, { region: region.dataset.name })} ${told}`);
    if (!this.waiting.length) this.restart.focus();
  }
}

if (!customElements.get("lesson-find")) customElements.define("lesson-find", LessonFind);
