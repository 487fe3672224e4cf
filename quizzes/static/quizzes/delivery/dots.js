/**
 * The dots of the questions after an answer was saved, or after going to another question without the network.
 *
 *   <ol data-dots data-word="Question" data-answered="answered" data-flagged="flagged">
 *     <li><button class="dot" value="3" aria-label="Question 3">3</button></li>
 *   </ol>
 *   <span class="pips"><span class="pip"></span> …</span> … <span data-answered-count>12</span>
 */

export function markDot(slot, { isAnswered, isFlagged }) {
  const { word, answered, flagged } = document.querySelector("[data-dots]").dataset;
  for (const [name, element] of marksOf(slot)) {
    element?.classList.toggle(`${name}--answered`, isAnswered);
    element?.classList.toggle(`${name}--flagged`, isFlagged);
  }
  const label = [`${word} ${slot}`, isAnswered && answered, isFlagged && flagged].filter(Boolean).join(", ");
  dotOf(slot)?.setAttribute("aria-label", label);
  const count = document.querySelector("[data-answered-count]");
  if (count) count.textContent = document.querySelectorAll(".dot--answered").length;
}

export function markCurrent(slot) {
  for (const name of ["dot", "pip"]) {
    for (const old of document.querySelectorAll(`.${name}--current`)) {
      old.classList.remove(`${name}--current`);
      old.removeAttribute("aria-current");
    }
  }
  for (const [name, element] of marksOf(slot)) element?.classList.add(`${name}--current`);
  dotOf(slot)?.setAttribute("aria-current", "step");
}

function marksOf(slot) {
  return [["dot", dotOf(slot)], ["pip", document.querySelector(`.pips > :nth-child(${slot})`)]];
}

function dotOf(slot) {
  return document.querySelector(`[data-dots] > :nth-child(${slot}) > .dot`);
}
