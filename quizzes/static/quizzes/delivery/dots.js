/**
 * The dots of the questions after an answer was saved.
 *
 *   <ol data-dots data-answered="answered" data-flagged="flagged">
 *     <li><button class="dot" data-dot="3">3<span data-words></span></button></li>
 *   </ol>
 *   <span class="pip" data-pip="3"></span> … <span data-answered-count>12</span>
 */

export function markDot(slot, { isAnswered, isFlagged }) {
  const { answered, flagged } = document.querySelector("[data-dots]").dataset;
  for (const [name, element] of [
    ["dot", document.querySelector(`[data-dot="${slot}"]`)],
    ["pip", document.querySelector(`[data-pip="${slot}"]`)],
  ]) {
    element?.classList.toggle(`${name}--answered`, isAnswered);
    element?.classList.toggle(`${name}--flagged`, isFlagged);
  }
  const words = [isAnswered && answered, isFlagged && flagged].filter(Boolean);
  const place = document.querySelector(`[data-dot="${slot}"] [data-words]`);
  if (place) place.textContent = words.map((word) => `, ${word}`).join("");
  const count = document.querySelector("[data-answered-count]");
  if (count) count.textContent = document.querySelectorAll(".dot--answered").length;
}
