/**
 * Puts another question of the attempt into the page of this one, as the browser has kept it.
 *
 *   swapIn(form, { slot: 4, type: "essay", question: "<article …>", actions: "<div …>" });
 */

import { markCurrent } from "./dots.js";
import { fragment } from "./kept.js";

export function swapIn(form, page) {
  form.querySelector(".question").replaceWith(fragment(page.question));
  form.querySelector(".player__actions").replaceWith(fragment(page.actions));
  Object.assign(form.dataset, { slot: String(page.slot), type: page.type });
  form.elements.namedItem("slot").value = page.slot;
  form.querySelector("[data-enter]").value = form.querySelector(".player__actions .button:last-of-type").value;
  markCurrent(page.slot);
  const attempt = document.querySelector(".player__title").textContent;
  document.title = `${document.getElementById("question").textContent} · ${attempt}`;
}
