/**
 * Answers that never reached the server, before and after handing in.
 *
 *   <form data-handin="submit" data-attempt="…" data-heartbeat-url="…">   the overview: nothing is handed in while an
 *                                                                         answer is on its way
 *   <div data-handin="over" data-attempt="…">   the result: what came too late is put aside, then forgotten
 */

import { Autosave } from "./autosave.js";
import { Heartbeat } from "./heartbeat.js";
import { forgetKept } from "./kept.js";
import { findNotes } from "./notes.js";
import { reportTimeUp } from "./time-up.js";
import { startTimer } from "./timer.js";
import { Unsent } from "./unsent.js";

const LONGEST_GRACE = 11000;

const place = document.querySelector("[data-handin]");
const { attempt, heartbeatUrl, resultUrl, submitUrl } = place.dataset;
const isPaused = "paused" in place.dataset;
const unsent = new Unsent(attempt);
const token = place.querySelector('[name="csrfmiddlewaretoken"]').value;
const savers = unsent.all().map((entry) => new Autosave({ ...entry, token, unsent, saved: "", tell: (event, detail) => hear(event, detail) }));
const notes = findNotes({ retry: tellWhatArrived, without: leave });
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

function leave() {
  forgetKept(attempt);
  place.submit();
}

async function beforeHandingIn() {
  const beat = new Heartbeat({ url: heartbeatUrl, hear: hearBeat, reach: (isReachable) => isReachable && savers.length && tellWhatArrived() });
  const element = document.querySelector("[data-timer]");
  const timer = element ? startTimer(element, { attempt, ask: () => beat.ask(), onZero }) : null;
  beat.start();
  addEventListener("pageshow", (event) => {
    if (event.persisted && navigator.onLine) location.reload();
  });
  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!beat.isReachable) notes.show(savers.some((saver) => saver.isDirty) ? "unsent" : "offline-handin", { count: countUnsent() });
    else if (!savers.some((saver) => saver.isDirty) || (await send())) leave();
    else tellUnsent();
  });
  if (savers.length) await tellWhatArrived();

  function hearBeat(answer, heardAt) {
    if (answer.state !== "in_progress") location.replace(resultUrl);
    else if (answer.paused !== isPaused) location.reload();
    else timer?.hear(answer, heardAt);
  }

  async function onZero() {
    notes.show("time-up");
    if (await send()) {
      const outcome = await reportTimeUp(submitUrl, token);
      if (outcome && outcome.state !== "in_progress") {
        location.replace(resultUrl);
        return;
      }
      if (outcome?.deadline) {
        notes.clear();
        timer.takeDeadline(outcome.deadline);
        return;
      }
    }
    // The server seals the attempt once the grace for the network is over; what it says then is the result.
    setTimeout(() => beat.ask(), LONGEST_GRACE);
  }
}

async function tellWhatArrived() {
  if (await send()) notes.show("arrived");
  else tellUnsent();
}

function tellUnsent() {
  notes.show(isPaused ? "unsent-paused" : "unsent", { count: countUnsent() });
}

function countUnsent() {
  return savers.filter((saver) => saver.isDirty).length;
}

async function afterwards() {
  forgetKept(attempt);
  if (!savers.length) return;
  const isDone = await send();
  if (isKept) notes.show("late-kept");
  // Only what the network still withholds is worth keeping: it is tried again with the next visit.
  if (isDone || savers.every((saver) => saver.isStopped)) unsent.clear();
}
