/*
  <lesson-comparison> covers the second column of a table until it is asked for, row by row.

    <lesson-comparison>
      <table> … <td><button data-show hidden>Show</button> <div data-second>…</div></td> … </table>
      <button data-all hidden>Show all</button> <p role="status"></p>
    </lesson-comparison>
*/

import { focusOn, say } from "./words.js";

class LessonComparison extends HTMLElement {
  connectedCallback() {
    if (this.buttons) return;
    this.buttons = [...this.querySelectorAll("[data-show]")];
    this.all = this.querySelector("[data-all]");
    this.all.hidden = false;
    for (const button of this.buttons) {
      button.hidden = false;
      secondOf(button).hidden = true;
      button.addEventListener("click", () => {
        this.show(button);
        say(this, secondOf(button).textContent);
        focusOn(secondOf(button));
      });
    }
    this.all.addEventListener("click", () => {
      for (const button of this.buttons) this.show(button);
      focusOn(secondOf(this.buttons[0]));
    });
  }

  show(button) {
    button.hidden = true;
    secondOf(button).hidden = false;
    this.all.hidden = this.buttons.every((one) => one.hidden);
  }
}

function secondOf(button) {
  return button.parentElement.querySelector("[data-second]");
}

if (!customElements.get("lesson-comparison")) customElements.define("lesson-comparison", LessonComparison);
