/*
  <lesson-slider> shows the zone in which its slider stands.

    <lesson-slider>
      <input type="range"> <span data-value>12</span> <span data-unit>s</span>
      <svg><rect data-band>…</svg> <output>the zone of the start</output>
      <template data-from="0" data-to="9"> name and text of a zone </template>
      <details data-table open>…</details>
    </lesson-slider>

  The output changes with the zone only, so that a screen reader is not told the same with each step.
*/

class LessonSlider extends HTMLElement {
  connectedCallback() {
    if (this.input) return;
    this.input = this.querySelector('input[type="range"]');
    this.output = this.querySelector("output");
    this.value = this.querySelector("[data-value]");
    this.unit = this.querySelector("[data-unit]")?.textContent ?? "";
    this.zones = [...this.querySelectorAll("template[data-from]")];
    this.bands = [...this.querySelectorAll("[data-band]")];
    this.querySelector("[data-table]").open = false;
    this.input.addEventListener("input", () => this.refresh());
    this.refresh();
  }

  refresh() {
    const number = Number(this.input.value);
    const place = this.zones.findIndex((zone) => Number(zone.dataset.from) <= number && number <= Number(zone.dataset.to));
    this.value.textContent = this.input.value;
    if (place !== this.place) {
      this.place = place;
      this.output.replaceChildren(this.zones[place].content.cloneNode(true));
      this.bands.forEach((band, one) => band.toggleAttribute("data-current", one === place));
    }
    const name = this.output.querySelector(".slider__name").textContent.replace(/\s+/g, " ").trim();
    this.input.setAttribute("aria-valuetext", `${number} ${this.unit}: ${name}`);
  }
}

if (!customElements.get("lesson-slider")) customElements.define("lesson-slider", LessonSlider);
