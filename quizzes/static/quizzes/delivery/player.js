/**
 * The player with a script: answers are saved as they are given, time counts down, letters pick options.
 * Everything else is the form, which stays what it is: moving about is a submit, and `revision` in it is kept right.
 * While the network fails, moving about stays in this page, with the questions that the browser has kept.
 *
 *   <form data-player data-attempt="…" data-slot="3" data-type="single_choice" data-save-url="/api/v1/attempts/…/responses/3/">
 *     <input type="hidden" name="revision" value="2"> … <article class="question">…</article> … <div class="player__actions">
 *   </form>
 *
 * With `data-immediate` nothing is saved before the button is pressed: there an answer is final. Without
 * `data-questions-url` no other question is kept.
 */

import { announce } from "../../lms/js/announce.js";
import { readBody, servedBody, writeBody } from "./body.js";
import { Autosave } from "./autosave.js";
import { markDot } from "./dots.js";
import { fillIn } from "./fill.js";
import { Heartbeat } from "./heartbeat.js";
import { Kept, forgetKept } from "./kept.js";
import { pickByLetter } from "./letters.js";
import { findNotes } from "./notes.js";
import { savedTime, showSaveState } from "./save-state.js";
import { foldWhatWasRead } from "./stimulus.js";
import { swapIn } from "./swap.js";
import { pass, reportTimeUp } from "./time-up.js";
import { startTimer } from "./timer.js";
import { Unsent } from "./unsent.js";

const LONGEST_GRACE = 11000;
const LAST_WORD = 4000; // For what is still on its way when the time is up, or when the clock is stopped.
const SPREAD = 4000; // A room full of pages does not fetch its questions at the same moment.

const form = document.querySelector("[data-player]");
const place = form.dataset;
const token = form.elements.namedItem("csrfmiddlewaretoken").value;
const revision = form.elements.namedItem("revision");
const savesByItself = !("immediate" in place);
const notes = findNotes({
  retry: () => saver.flush(),
  keep: () => saver.keepMine(),
  reload: () => {
    saver.forget();
    location.replace(here());
  },
});

const unsent = new Unsent(place.attempt);
const kept = place.questionsUrl ? new Kept(place.attempt, place.questionsUrl) : null;
const beat = new Heartbeat({ url: place.heartbeatUrl, hear: hearBeat, reach });
const timerElement = document.querySelector("[data-timer]");
const timer = timerElement
  ? startTimer(timerElement, { attempt: place.attempt, ask: () => beat.ask(), onZero: handIn })
  : null;
let saver = null;
let others = [];
let isLeaving = false;
let isInvalid = false;
let isHalted = false;
let wasSaved = false;
let lastSaved = savedTime();

if (savesByItself) startSaving();
pickByLetter(form);
form.addEventListener("submit", onSubmit);
addEventListener("pageshow", (event) => {
  // A page out of the back-forward cache is old: its answer, its revision and its clock.
  if (event.persisted && navigator.onLine) location.reload();
});
comeIn();
beat.start();
if (kept) {
  if (new URLSearchParams(location.search).get("slot") !== place.slot) history.replaceState(null, "", here());
  addEventListener("popstate", onGoingBack);
  keepQuestions();
}

function here() {
  return `${place.pageUrl}?slot=${place.slot}`;
}

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
  openSlot(entries, { text: servedBody(form, place.type), revision: Number(revision.value) });
  others = entries.filter((entry) => entry.slot !== Number(place.slot)).map((entry) => elsewhere(autosave({ ...entry, saved: "" })));
  for (const event of ["input", "change"]) form.addEventListener(event, onChange);
  for (const event of ["online", "focus"]) addEventListener(event, sendAll);
  addEventListener("pagehide", () => saver.flush());
  document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? saver.flush() : sendAll()));
  sendAll();
}

/* `known` is what the server has of this question. What it has not got yet stands in the form in its stead. */
function openSlot(entries, known) {
  const slot = Number(place.slot);
  const entry = entries.find((one) => one.slot === slot);
  revision.value = known.revision;
  kept?.note(slot, known.text, known.revision);
  saver = autosave({ slot, url: urlOf(slot), revision: entry ? entry.revision : known.revision, saved: known.text, queue: entry ? entry.queue : [] });
  saver.tell = hear;
  if (entry) writeBody(form, place.type, entry.queue[entry.queue.length - 1].text);
  else onChange(); // Somebody was quicker than this script.
}

function autosave(entry) {
  return new Autosave({ ...entry, token, unsent, tell: () => {} });
}

function elsewhere(one) {
  one.tell = (event, detail) => hearOther(event, detail, one);
  return one;
}

function urlOf(slot) {
  return place.saveUrl.replace(/\d+\/$/, `${slot}/`);
}

function sendAll() {
  for (const one of [saver, ...others]) if (!one.isStopped) one.flush();
}

function onChange() {
  isInvalid = false;
  const text = readBody(form, place.type);
  if (text !== undefined) saver.change(JSON.parse(text));
  if (!beat.isReachable) tellOffline();
}

function hear(event, detail) {
  const state = { saving: "saving", saved: "saved", paused: "paused" }[event] || (event === "kept" ? "offline" : "failed");
  showSaveState(state, detail.saved_at);
  if (event === "saved") onSaved(detail);
  else if (event === "kept") beat.lost();
  else if (event === "paused") beat.ask();
  else if (event === "signedOut") notes.show("signed-out");
  else if (event === "failed") notes.show("failed", detail);
  else if (event === "conflict") notes.show("conflict");
  else if (event === "locked") location.replace(here());
  else if (event === "closed") onClosed(detail.kept);
  else if (event === "invalid") {
    isInvalid = true;
    notes.show("invalid", detail);
  }
}

function onSaved({ deadline, saved_at: savedAt }) {
  // An answer of ours was acknowledged again, and a newer one of another page stands: show that one.
  if (saver.revision < Number(revision.value)) {
    location.replace(here());
    return;
  }
  revision.value = saver.revision;
  acknowledge(saver);
  if (deadline) timer?.takeDeadline(deadline);
  if (savedAt) {
    lastSaved = savedTime();
    beat.found();
  }
  if (notes.shown.startsWith("offline")) tellOffline();
  else if (!notes.shown.startsWith("conflict-elsewhere")) notes.clear();
  // The first time it is said aloud; from then on silence means that all is well.
  if (savedAt && !wasSaved) announce(document.querySelector("[data-save-state] [data-when=saved]").textContent.trim());
  wasSaved ||= Boolean(savedAt);
}

function acknowledge(one) {
  kept?.note(one.slot, one.saved, one.revision);
  const { answer, flagged } = JSON.parse(one.saved);
  markDot(one.slot, { isAnswered: answer !== null, isFlagged: flagged });
}

function onClosed(isKept) {
  notes.show(isKept ? "closed-kept" : "closed");
  unsent.clear();
  forgetKept(place.attempt);
  for (const field of form.querySelectorAll("fieldset, button, .flag-toggle input")) field.disabled = true;
}

function hearOther(event, detail, one) {
  if (event === "conflict") {
    unsent.drop(one.slot);
    others = others.filter((other) => other !== one);
    notes.show("conflict-elsewhere", { slot: String(one.slot) });
  } else if (event === "closed") {
    onClosed(detail.kept);
  } else if (event === "kept") {
    beat.lost();
  } else if (event === "saved") {
    beat.found();
    acknowledge(one);
    if (notes.shown.startsWith("offline")) tellOffline();
  }
}

// How the attempt and the network stand --------------------------------------------------------------------------------

function hearBeat(answer, heardAt) {
  if (answer.state !== "in_progress") leaveForGood();
  else if (answer.paused) halt();
  else {
    timer?.hear(answer, heardAt);
    if (isHalted) goOn();
  }
}

/* The clock stands still, and nobody reads on. What was on its way is still taken. */
async function halt() {
  if (isHalted) return;
  isHalted = true;
  if (saver?.isDirty) await Promise.race([saver.flush(), pass(LAST_WORD)]);
  if (saver?.isDirty && !saver.isKept) {
    // Only this page has the answer, so the page stays; the question is covered.
    form.querySelector(".question").hidden = true;
    notes.show("paused");
  } else {
    location.replace(here());
  }
}

function goOn() {
  isHalted = false;
  form.querySelector(".question").hidden = false;
  notes.clear();
  sendAll();
}

/* Handed in, on time or elsewhere: the result says what there is to say. */
function leaveForGood() {
  isLeaving = true;
  forgetKept(place.attempt);
  location.replace(place.resultUrl);
}

function reach(isReachable) {
  if (!savesByItself) return;
  if (isReachable) {
    sendAll();
    if (kept && !kept.questions.size) keepQuestions();
  }
  tellOffline();
}

/* What waits in this browser, and since when the server has the rest; nothing once all is well. */
function tellOffline() {
  const waiting = unsentSlots();
  if (beat.isReachable && !waiting) {
    if (notes.shown.startsWith("offline")) notes.clear();
    return;
  }
  fillIn(form, { count: waiting });
  const isKept = !saver?.isDirty || saver.isKept;
  notes.show(isKept ? "offline" : "offline-unkept", { count: waiting, saved: lastSaved, kept: kept?.questions.size });
}

function unsentSlots() {
  const here = [saver, ...others].filter((one) => one?.isDirty);
  return new Set([...here, ...unsent.all()].map((one) => one.slot)).size;
}

// Going elsewhere ---------------------------------------------------------------------------------------------------

async function onSubmit(event) {
  const goal = event.submitter ? event.submitter.value : "next";
  if (isLeaving) {
    event.preventDefault();
    return;
  }
  if (!beat.isReachable) {
    event.preventDefault();
    goOffline(goal);
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
  isLeaving = true;
  const isSaved = saver.isDirty && (await saver.flush());
  isLeaving = isHalted;
  if (isHalted) return;
  if (isSaved) {
    leave(goal);
    return;
  }
  if (saver.isDirty && !saver.isStopped && !beat.isReachable && goOffline(goal)) return;
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
  if (!savesByItself) {
    if (beat.isReachable) leave("summary");
    return;
  }
  const all = [saver, ...others];
  await Promise.race([Promise.all(all.map((one) => one.isStopped || one.flush())), pass(LAST_WORD)]);
  if (!all.some((one) => one.isDirty)) {
    const outcome = await reportTimeUp(place.submitUrl, token);
    if (outcome && outcome.state !== "in_progress") {
      leaveForGood();
      return;
    }
    if (outcome?.deadline) {
      notes.clear();
      timer.takeDeadline(outcome.deadline);
      return;
    }
  }
  // Once the grace for the network is over the server hands in by itself; what comes later is put aside.
  await pass(LONGEST_GRACE);
  beat.ask();
}

// Without the network -----------------------------------------------------------------------------------------------

async function keepQuestions() {
  await pass(1000 + SPREAD * Math.random());
  await kept.fill();
  form.toggleAttribute("data-kept", kept.questions.size > 0);
}

function onGoingBack() {
  const wanted = Number(new URLSearchParams(location.search).get("slot"));
  if (wanted === Number(place.slot)) return;
  const page = beat.isReachable ? null : kept.question(wanted);
  if (page) show(page);
  else location.reload();
}

/* True when the browser had the question that was wanted. */
function goOffline(goal) {
  const slot = Number(place.slot);
  const wanted = { previous: slot - 1, next: slot + 1, stay: slot }[goal] ?? Number(goal);
  const page = savesByItself && kept?.question(wanted);
  if (!page) {
    if (unsentSlots()) tellOffline();
    else notes.show("offline-wait");
    notes.reveal();
    return false;
  }
  if (wanted === slot) return true;
  show(page);
  history.pushState(null, "", here());
  return true;
}

function show(page) {
  clearTimeout(saver.timer);
  if (saver.isDirty) others.push(elsewhere(saver));
  swapIn(form, page);
  const held = others.find((one) => one.slot === page.slot);
  others = others.filter((one) => one !== held);
  const known = kept.known(page.slot) || { text: servedBody(form, page.type), revision: page.revision };
  writeBody(form, page.type, known.text);
  if (held) {
    // It may be on its way this very moment, so it stays the same queue.
    saver = held;
    saver.tell = hear;
    revision.value = known.revision;
    writeBody(form, page.type, held.queue[held.queue.length - 1].text);
  } else {
    openSlot(unsent.all(), known);
  }
  showSaveState(saver.isDirty ? "offline" : "idle");
  pickByLetter(form);
  foldWhatWasRead(form);
  tellOffline();
  document.getElementById("question").focus();
  scrollTo(0, 0);
  sendAll();
}
