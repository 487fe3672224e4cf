/**
 * The player with a script: answers are saved as they are given, time counts down, letters pick options.
 * Everything else is the form, which stays what it is: moving about is a submit, and `revision` in it is kept right.
 *
 *   <form data-player data-attempt="…" data-slot="3" data-type="single_choice" data-save-url="/api/v1/attempts/…/responses/3/">
 *     <input type="hidden" name="revision" value="2"> … <div class="question">…</div>
 *   </form>
 *
 * With `data-immediate` nothing is saved before the button is pressed: there an answer is final.
 */

import { announce } from "../../lms/js/announce.js";
import { readAnswer, servedAnswer, writeAnswer } from "./answers.js";
import { Autosave } from "./autosave.js";
import { markDot } from "./dots.js";
import { pickByLetter } from "./letters.js";
import { findNotes } from "./notes.js";
import { showSaveState } from "./save-state.js";
import { startTimer } from "./timer.js";
import { Unsent } from "./unsent.js";

const form = document.querySelector("[data-player]");
const { attempt, slot, type, saveUrl, pageUrl } = form.dataset;
const isImmediate = "immediate" in form.dataset;
const token = form.elements.namedItem("csrfmiddlewaretoken").value;
const revision = form.elements.namedItem("revision");
const here = `${pageUrl}?slot=${slot}`;
const notes = findNotes({
  retry: () => saver.flush(),
  keep: () => saver.keepMine(),
  reload: () => {
    saver.forget();
    location.replace(here);
  },
});

const unsent = new Unsent(attempt);
const timerElement = document.querySelector("[data-timer]");
const timer = timerElement ? startTimer(timerElement, { onZero: handIn }) : null;
let saver = null;
let others = [];
let isLeaving = false;
let isInvalid = false;
let wasSaved = false;

if (!isImmediate && !("paused" in form.dataset)) startSaving();
pickByLetter(form);
form.addEventListener("submit", onSubmit);
addEventListener("pageshow", (event) => {
  // A page out of the back-forward cache is old: its answer, its revision and its clock.
  if (event.persisted) location.reload();
});
comeIn();

/* After a step from question to question reading begins at the question, or at what is said about the answer. */
function comeIn() {
  const feedback = form.querySelector("[data-feedback]");
  if (!document.referrer || new URL(document.referrer).pathname !== location.pathname) return;
  if (feedback) feedback.focus();
  else document.getElementById("question").focus({ preventScroll: true });
}

// Saving ------------------------------------------------------------------------------------------------------------

function startSaving() {
  const entries = unsent.all();
  const mine = entries.find((entry) => entry.slot === Number(slot));
  saver = new Autosave({
    slot: Number(slot),
    url: saveUrl,
    token,
    revision: mine ? mine.revision : Number(revision.value),
    saved: JSON.stringify({ answer: servedAnswer(form, type), flagged: form.elements.namedItem("flagged").defaultChecked }),
    unsent,
    queue: mine ? mine.queue : [],
    tell: hear,
  });
  if (mine) {
    const { answer, flagged } = JSON.parse(mine.queue[mine.queue.length - 1].text);
    writeAnswer(form, type, answer);
    form.elements.namedItem("flagged").checked = flagged;
  } else {
    onChange(); // Somebody was quicker than this script.
  }
  others = entries
    .filter((entry) => entry !== mine)
    .map((entry) => new Autosave({ ...entry, token, unsent, saved: "", tell: (event, detail) => hearOther(event, detail, entry) }));

  for (const event of ["input", "change"]) form.addEventListener(event, onChange);
  for (const event of ["online", "focus"]) addEventListener(event, sendAll);
  addEventListener("pagehide", () => saver.flush());
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? saver.flush() : sendAll()));
  sendAll();
}

function sendAll() {
  for (const one of [saver, ...others]) if (one.isDirty) one.flush();
}

function body() {
  const flag = form.elements.namedItem("flagged");
  return { answer: readAnswer(form, type), flagged: flag.checked };
}

function onChange() {
  isInvalid = false;
  const given = body();
  if (given.answer !== undefined) saver.change(given);
}

function hear(event, detail) {
  const state = { saving: "saving", saved: "saved" }[event] || (event === "kept" ? "offline" : "failed");
  showSaveState(state, detail.saved_at);
  if (event === "saved") onSaved(detail);
  else if (event === "kept") notes.show(detail.isKept ? "offline" : "offline-unkept");
  else if (event === "signedOut") notes.show("signed-out");
  else if (event === "failed") notes.show("failed", detail);
  else if (event === "conflict") notes.show("conflict");
  else if (event === "locked") location.replace(here);
  else if (event === "closed") onClosed(detail.kept);
  else if (event === "invalid") {
    isInvalid = true;
    notes.show("invalid", detail);
  }
}

function onSaved({ deadline, saved_at: savedAt }) {
  const pageRevision = Number(revision.value);
  // An answer of ours was acknowledged again, and a newer one of another page stands: show that one.
  if (saver.revision < pageRevision) {
    location.replace(here);
    return;
  }
  revision.value = saver.revision;
  const { answer, flagged } = JSON.parse(saver.saved);
  markDot(slot, { isAnswered: answer !== null, isFlagged: flagged });
  if (deadline) timer?.takeDeadline(deadline);
  if (!notes.shown.startsWith("conflict-elsewhere")) notes.clear();
  // The first time it is said aloud; from then on silence means that all is well.
  if (savedAt && !wasSaved) announce(document.querySelector("[data-save-state] [data-when=saved]").textContent.trim());
  wasSaved ||= Boolean(savedAt);
}

function onClosed(isKept) {
  notes.show(isKept ? "closed-kept" : "closed");
  unsent.clear();
  for (const field of form.querySelectorAll("fieldset, button, .flag-toggle input")) field.disabled = true;
}

function hearOther(event, detail, entry) {
  if (event === "conflict") {
    unsent.drop(entry.slot);
    notes.show("conflict-elsewhere", { slot: String(entry.slot) });
  } else if (event === "closed") {
    onClosed(detail.kept);
  } else if (event === "kept") {
    notes.show("offline");
  } else if (event === "saved") {
    if (!saver.isDirty && notes.shown.startsWith("offline")) notes.clear();
    const { answer, flagged } = JSON.parse(others.find((one) => one.slot === entry.slot).saved);
    markDot(entry.slot, { isAnswered: answer !== null, isFlagged: flagged });
  }
}

// Going elsewhere ---------------------------------------------------------------------------------------------------

async function onSubmit(event) {
  if (isLeaving) {
    event.preventDefault();
    return;
  }
  if (!navigator.onLine) {
    // Going on would only show the browser's own page about the network.
    event.preventDefault();
    notes.show(saver?.isDirty ? "offline" : "offline-wait");
    notes.reveal();
    return;
  }
  if (!saver || (!saver.isDirty && !isInvalid)) {
    isLeaving = true;
    setTimeout(() => {
      isLeaving = false; // In case the browser was told to stop.
    }, 5000);
    return;
  }
  event.preventDefault();
  const goal = event.submitter ? event.submitter.value : "next";
  isLeaving = true;
  const isSaved = saver.isDirty && (await saver.flush());
  isLeaving = false;
  if (isSaved) {
    leave(goal);
    return;
  }
  notes.reveal();
  // Pressed a second time the form goes as it is, and the server has the last word.
  if (isInvalid) form.querySelector('.question [name="answer"]')?.focus();
  isInvalid = false;
}

/* Submit as if that button had been pressed. */
function leave(goal) {
  isLeaving = true;
  const go = document.createElement("input");
  Object.assign(go, { type: "hidden", name: "go", value: goal });
  form.append(go);
  form.submit();
}

/* Time is up: what is in the form goes to the server, which decides what still counts. */
async function handIn() {
  notes.show("time-up");
  if (saver?.isDirty) await Promise.race([saver.flush(), new Promise((done) => setTimeout(done, 4000))]);
  if (saver?.isStopped) setTimeout(() => location.replace(timerElement.dataset.resultUrl), 11000);
  else if (navigator.onLine) leave("summary");
}
