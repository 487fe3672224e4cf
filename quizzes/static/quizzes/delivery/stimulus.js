/**
 * Folds up a case that was read with an earlier question, on screens where it would push the question away.
 *
 *   <details class="stimulus" open data-read> <summary>Case: question 2 of 4</summary> … </details>
 */

const NARROW = "(max-width: 40rem)";

export function foldWhatWasRead(root = document) {
  if (!matchMedia(NARROW).matches) return;
  for (const details of root.querySelectorAll(".stimulus[data-read]")) details.open = false;
}

foldWhatWasRead();
