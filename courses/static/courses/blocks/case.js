/*
  <lesson-case> tells a case step by step: the story so far, then the choices of this step as buttons.

    <lesson-case data-step="Step {number}">
      <div data-story></div>
      <div data-after hidden><button data-back>…</button> <button data-restart>…</button></div>
      <div role="status"></div>
      <div class="activity__plain">
        <details data-number="1"><summary>…</summary> <div data-text>…</div>
          <details data-to="2"><summary>what one does</summary> <p data-feedback>what comes of it</p></details>
        </details>
        <details data-number="2" data-end>…</details>
      </div>
      <template data-part="chosen"><p>… <span data-words></span></p></template>
    </lesson-case>

  The plain steps stay in the document as the source of what is told.
*/

import { fill, focusOn, say } from "./words.js";

class LessonCase extends HTMLElement {
  connectedCallback() {
    if (this.story) return;
    this.story = this.querySelector("[data-story]");
    this.after = this.querySelector("[data-after]");
    this.steps = new Map(
      Array.from(this.querySelectorAll("[data-number]"), (step) => [Number(step.dataset.number), step]),
    );
    this.story.addEventListener("click", (event) => {
      const button = event.target.closest("button[data-choice]");
      if (button) this.choose(button);
    });
    this.querySelector("[data-restart]").addEventListener("click", () => {
      this.begin();
      focusOn(this.current);
    });
    this.querySelector("[data-back]").addEventListener("click", () => this.goBack());
    this.begin();
  }

  get current() {
    return this.story.lastElementChild;
  }

  begin() {
    this.story.replaceChildren();
    this.after.hidden = true;
    this.tell(1);
  }

  /* Add a step to the story; `feedback` says what came of the choice that led here. */
  tell(number, feedback) {
    const source = this.steps.get(number);
    const scene = document.createElement("div");
    scene.className = "case__scene";
    scene.setAttribute("role", "group");
    scene.setAttribute("aria-label", fill(this.dataset.step, { number: this.story.children.length + 1 }));
    if (feedback) {
      scene.append(feedback.cloneNode(true));
      scene.firstElementChild.className = "case__feedback";
    }
    const text = source.querySelector("[data-text]").cloneNode(true);
    text.removeAttribute("id");
    const choices = document.createElement("div");
    choices.className = "case__choices";
    source.querySelectorAll("[data-to]").forEach((choice, place) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button--quiet case__button";
      button.dataset.choice = place;
      const words = document.createElement("span");
      words.innerHTML = choice.querySelector("summary").innerHTML;
      button.append(words);
      choices.append(button);
    });
    scene.append(text, choices);
    scene.dataset.scene = number;
    this.story.append(scene);
  }

  choose(button) {
    const scene = button.closest(".case__scene");
    const choice = this.steps.get(Number(scene.dataset.scene)).querySelectorAll("[data-to]")[button.dataset.choice];
    const chosen = this.querySelector('template[data-part="chosen"]').content.firstElementChild.cloneNode(true);
    chosen.querySelector("[data-words]").innerHTML = choice.querySelector("summary").innerHTML;
    scene.querySelector(".case__choices").replaceWith(chosen);
    const feedback = choice.querySelector("[data-feedback]");
    this.tell(Number(choice.dataset.to), feedback);
    this.after.hidden = false;
    say(this, feedback.textContent);
    focusOn(this.current);
  }

  /* The last decision is open again. */
  goBack() {
    const scenes = [...this.story.children].map((scene) => Number(scene.dataset.scene));
    const feedback = this.story.children[scenes.length - 2].querySelector(".case__feedback");
    this.current.remove();
    this.current.remove();
    this.tell(scenes[scenes.length - 2], feedback);
    this.after.hidden = scenes.length <= 2;
    focusOn(this.current);
  }
}

if (!customElements.get("lesson-case")) customElements.define("lesson-case", LessonCase);
