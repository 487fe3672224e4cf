/**
 * The page of an attempt whose clock stands still: it looks every few seconds, and goes on by itself.
 *
 *   <p data-unsent hidden>… <b data-fill="count"></b></p>
 *   <form data-halt data-attempt="…" data-heartbeat-url="…" data-page-url="…" data-result-url="…">
 *     <input type="hidden" name="answer" …>   what the server could not take yet, if anything
 *   </form>
 */

import { fillIn } from "./fill.js";
import { Heartbeat } from "./heartbeat.js";
import { startTimer } from "./timer.js";
import { Unsent } from "./unsent.js";

const EVERY = 6000;

const form = document.querySelector("[data-halt]");
const waiting = new Unsent(form.dataset.attempt).all().length;
const line = document.querySelector("[data-unsent]");
fillIn(line, { count: waiting });
line.hidden = waiting === 0;

const timer = document.querySelector("[data-timer]");
if (timer) startTimer(timer, { attempt: form.dataset.attempt });

const beat = new Heartbeat({ url: form.dataset.heartbeatUrl, every: EVERY, hear });
addEventListener("pageshow", (event) => {
  if (event.persisted) beat.ask();
});
beat.start();

function hear({ state, paused }) {
  if (state !== "in_progress") location.replace(form.dataset.resultUrl);
  else if (!paused) form.submit();
}
