/**
 * A practice card with a script: letters pick options, and reading begins at the question. Answers go by the form.
 *
 *   <form data-practice> … <article class="question"><h1 id="question" tabindex="-1">…</h1></article> … </form>
 */

import { pickByLetter } from "../delivery/letters.js";

pickByLetter(document.querySelector("[data-practice]"));
if (document.referrer && new URL(document.referrer).pathname.startsWith("/practice/")) {
  document.getElementById("question").focus({ preventScroll: true });
}
