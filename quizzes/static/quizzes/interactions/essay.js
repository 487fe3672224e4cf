/*
  <quiz-essay> keeps the count of words under a text area up to date.

    <quiz-essay data-limit="120" data-within="Words: {count} of {limit}" data-over="Words: {count} of {limit}, {over} too many">
      <textarea name="answer">…</textarea>
      <p data-count><span data-part="sentence">Words: 12 of 120</span></p>
    </quiz-essay>

  The count is said aloud only when the limit is crossed: nobody wants to hear a number after each word.
*/

import { announce } from "../../lms/js/announce.js";

const HOLDS_A_WORD = /[\p{L}\p{N}]/u;

class QuizEssay extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.line = this.querySelector("[data-count]");
    if (!this.field || !this.line) return;
    this.field.addEventListener("input", () => this.refresh());
    this.wasOver = this.refresh();
  }

  refresh() {
    const count = countWords(this.field.value);
    const limit = Number(this.dataset.limit) || Infinity;
    const isOver = count > limit;
    const sentence = fill(isOver ? this.dataset.over : this.dataset.within, { count, limit, over: count - limit });
    this.line.querySelector("[data-part=sentence]").textContent = sentence;
    this.line.classList.toggle("essay__count--over", isOver);
    if (this.wasOver !== undefined && this.wasOver !== isOver) announce(sentence);
    this.wasOver = isOver;
    return isOver;
  }
}

/* As the server counts: a lone dash is no word. */
function countWords(text) {
  return text.split(/\s+/).filter((word) => HOLDS_A_WORD.test(word)).length;
}

function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

if (!customElements.get("quiz-essay")) customElements.define("quiz-essay", QuizEssay);
