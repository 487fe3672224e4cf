/**
 * Letters pick options: A picks the option whose key says A. They are heard only while the focus is inside the question
 * and not in a field that takes text, so that neither a stray key nor dictation can change an answer.
 *
 *   <label class="option"><input class="option__input" type="radio"><span class="option__key">A</span> …</label>
 */

const TAKES_TEXT = 'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable]';

export function pickByLetter(form) {
  const question = form.querySelector(".question");
  question.addEventListener("keydown", (event) => {
    if (event.key.length !== 1 || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest(TAKES_TEXT)) return;
    const letter = event.key.toUpperCase();
    const key = [...question.querySelectorAll(".option .option__key")].find((one) => one.textContent.trim() === letter);
    const input = key?.closest(".option").querySelector(".option__input:not(:disabled)");
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.click();
  });
}
