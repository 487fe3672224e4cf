/**
 * Answers that never reached the server, before and after handing in.
 *
 *   <form data-handin="submit" data-attempt="…">   the overview: nothing is handed in while an answer is on its way
 *   <div data-handin="over" data-attempt="…">      the result: what came too late is put aside, then forgotten
 */

import { Autosave } from "./autosave.js";
import { findNotes } from "./notes.js";
import { startTimer } from "./timer.js";
import { Unsent } from "./unsent.js";

const LONGEST_GRACE = 11000;

const place = document.querySelector("[data-handin]");
const unsent = new Unsent(place.dataset.attempt);
const token = place.querySelector('[name="csrfmiddlewaretoken"]').value;
const savers = unsent.all().map((entry) => new Autosave({ ...entry, token, unsent, saved: "", tell: (event, detail) => hear(event, detail) }));
const notes = findNotes({ retry: send, without: () => place.submit() });
let isKept = false;

if (place.dataset.handin === "submit") beforeHandingIn();
else afterwards();

function hear(event, { kept }) {
  if (event === "closed" && kept) isKept = true;
  if (event === "signedOut") notes.show("signed-out");
}

/* True when nothing is left that the server should have. */
async function send() {
  const results = await Promise.all(savers.map((saver) => saver.isStopped || saver.flush()));
  return results.every(Boolean);
}

async function beforeHandingIn() {
  const timer = document.querySelector("[data-timer]");
  if (timer) startTimer(timer, { onZero: waitForResult });
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
  place.addEventListener("submit", async (event) => {
    if (!savers.some((saver) => saver.isDirty)) return;
    event.preventDefault();
    if (await send()) place.submit();
    else notes.show("unsent");
  });
  if (!savers.length) return;
  addEventListener("online", send);
  if (await send()) notes.show("arrived");
  else notes.show("unsent");
}

/* The server seals the attempt once the grace for the network is over; what it says then is the result. */
function waitForResult() {
  notes.show("time-up");
  setTimeout(() => location.replace(timerResult()), LONGEST_GRACE);
}

function timerResult() {
  return document.querySelector("[data-timer]").dataset.resultUrl;
}

async function afterwards() {
  if (!savers.length) return;
  const isDone = await send();
  if (isKept) notes.show("late-kept");
  // Only what the network still withholds is worth keeping: it is tried again with the next visit.
  if (isDone || savers.every((saver) => saver.isStopped)) unsent.clear();
}
