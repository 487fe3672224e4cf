/*
  <lesson-flash-cards> shows one card at a time, until each was known.

    <lesson-flash-cards data-left="Known: {known} of {total}. Next card: {front}" data-done="All {total} cards known.">
      <ol><li><details><summary><span class="flash-card__front">…</span> …</summary> the back </details></li></ol>
      <div data-answer hidden><button data-knew>…</button> <button data-again>…</button></div>
      <p role="status"></p>
      <button data-restart hidden>…</button>
    </lesson-flash-cards>

  A card that was not known comes again at the end. The details turn by themselves, script or not.
*/

import { fill, say } from "./words.js";

class LessonFlashCards extends HTMLElement {
  connectedCallback() {
    if (this.cards) return;
    this.cards = [...this.querySelector("ol").children];
    this.answer = this.querySelector("[data-answer]");
    this.restart = this.querySelector("[data-restart]");
    for (const card of this.cards) {
      const sides = sidesOf(card);
      sides.addEventListener("toggle", () => {
        if (card === this.waiting[0]) this.answer.hidden = !sides.open;
      });
    }
    this.querySelector("[data-knew]").addEventListener("click", () => this.goOn(true));
    this.querySelector("[data-again]").addEventListener("click", () => this.goOn(false));
    this.restart.addEventListener("click", () => {
      this.begin();
      this.focusCard();
    });
    this.begin();
  }

  begin() {
    this.waiting = [...this.cards];
    say(this, "");
    this.show();
  }

  show() {
    const [card] = this.waiting;
    for (const one of this.cards) {
      one.hidden = one !== card;
      sidesOf(one).open = false;
    }
    this.answer.hidden = true;
    this.restart.hidden = Boolean(card);
  }

  goOn(isKnown) {
    const card = this.waiting.shift();
    if (!isKnown) this.waiting.push(card);
    this.show();
    const total = this.cards.length;
    if (!this.waiting.length) {
      say(this, fill(this.dataset.done, { total }));
      this.restart.focus();
      return;
    }
    const front = this.waiting[0].querySelector(".flash-card__front").textContent.trim();
    say(this, fill(this.dataset.left, { known: total - this.waiting.length, total, front }));
    this.focusCard();
  }

  focusCard() {
    this.waiting[0].querySelector("summary").focus();
  }
}

function sidesOf(card) {
  return card.querySelector("details");
}

if (!customElements.get("lesson-flash-cards")) customElements.define("lesson-flash-cards", LessonFlashCards);
