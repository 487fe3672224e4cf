/**
 * Counts down to the deadline of an attempt.
 *
 *   <div class="timer" data-timer data-server-time="…" data-deadline="…" data-duration-seconds="1800"
 *        data-attempt-url="/api/v1/attempts/…/" data-result-url="/attempts/…/result/">
 *     <p class="timer__clock">Your time ends at 14:35</p>
 *     <p class="timer__text" hidden><span data-part="left"></span></p>
 *     <button class="timer__hide" type="button" hidden>Hide time</button>
 *     <progress class="timer__line" hidden></progress>
 *   </div>
 *
 *   const timer = startTimer(element, { onZero });
 *   timer.takeDeadline("2026-01-01T10:00:00Z");   // the deadline that came with a saved answer
 *
 * The server's clock is the only one that counts: the page knows what it said and adds what `performance.now()` says
 * has gone by since. Some computers stop that count while they sleep, so the server is asked again on waking.
 * What happens at zero is advice to the server, never a decision.
 */

import { announce } from "../../lms/js/announce.js";

const MINUTE = 60000;
const LONG = 12 * 60 * MINUTE; // Further away than this a clock time says more than a count.
const ASK_AGAIN_AFTER = 15000;
const HIDDEN = "timer-hidden";

export function startTimer(element, { onZero }) {
  const timer = new Timer(element, onZero);
  timer.start();
  return timer;
}

class Timer {
  constructor(element, onZero) {
    this.element = element;
    this.onZero = onZero;
    this.clock = element.querySelector(".timer__clock");
    this.text = element.querySelector(".timer__text");
    this.left = element.querySelector('[data-part="left"]');
    this.button = element.querySelector(".timer__hide");
    this.line = element.querySelector(".timer__line");
    this.duration = Number(element.dataset.durationSeconds) * 1000;
    this.deadline = moment(element.dataset.deadline);
    const [load] = performance.getEntriesByType("navigation");
    this.setClock(moment(element.dataset.serverTime), load ? load.requestStart : 0);
  }

  /* The server's clock said `serverTime` when ours said `heardAt`. */
  setClock(serverTime, heardAt) {
    this.zeroAt = heardAt + this.deadline - serverTime;
    this.askedAt = performance.now();
  }

  get remaining() {
    return this.zeroAt - performance.now();
  }

  start() {
    if ("paused" in this.element.dataset) return;
    this.button.addEventListener("click", () => {
      this.hide(!this.isHidden);
      keep(this.isHidden);
    });
    this.hide(kept() ?? "startsHidden" in this.element.dataset);
    document.addEventListener("visibilitychange", () => this.onWaking());
    addEventListener("focus", () => this.onWaking());
    this.before = this.remaining;
    this.tick();
  }

  hide(wanted) {
    this.isHidden = wanted;
    this.element.toggleAttribute("data-hidden", wanted);
    this.button.textContent = wanted ? this.element.dataset.show : this.element.dataset.hide;
  }

  tick() {
    const remaining = this.remaining;
    const counts = remaining < LONG;
    this.clock.hidden = counts;
    for (const part of [this.text, this.button, this.line]) part.hidden = !counts;
    if (counts) this.show(remaining);
    if (remaining <= 0) {
      this.reachZero();
      return;
    }
    // Wake just after the figure changes, so that no second is shown twice or skipped.
    this.timeout = setTimeout(() => this.tick(), counts ? (remaining % 1000) + 20 : MINUTE);
  }

  show(remaining) {
    const { ten, five, one } = this.element.dataset;
    this.left.textContent = figures(remaining);
    this.line.max = this.duration;
    this.line.value = Math.max(0, Math.min(remaining, this.duration));
    this.element.dataset.level = remaining > 5 * MINUTE ? "calm" : remaining > MINUTE ? "soon" : "last";
    for (const [mark, words] of [[10, ten], [5, five], [1, one]]) {
      if (this.before > mark * MINUTE && remaining <= mark * MINUTE) announce(words);
    }
    this.before = remaining;
  }

  async reachZero() {
    if (this.isOver) return;
    this.isOver = true;
    await this.ask();
    if (this.remaining > 1000) {
      this.isOver = false;
      this.tick();
      return;
    }
    this.left.textContent = this.element.dataset.up;
    this.element.removeAttribute("data-hidden");
    this.button.hidden = true;
    announce(this.element.dataset.up);
    this.onZero();
  }

  takeDeadline(text) {
    const deadline = moment(text);
    if (!deadline || deadline === this.deadline) return;
    this.zeroAt += deadline - this.deadline;
    this.deadline = deadline;
    this.restart();
  }

  restart() {
    if (this.isOver) return;
    clearTimeout(this.timeout);
    this.before = Math.max(this.before, this.remaining);
    this.tick();
  }

  async onWaking() {
    if (document.visibilityState !== "visible" || this.isOver || performance.now() - this.askedAt < ASK_AGAIN_AFTER) return;
    await this.ask();
    this.restart();
  }

  /* Hear the server's clock, and whether the attempt goes on at all. */
  async ask() {
    const heardAt = performance.now();
    this.askedAt = heardAt;
    try {
      const response = await fetch(this.element.dataset.attemptUrl, { credentials: "same-origin", cache: "no-store" });
      if (!response.ok) return;
      const attempt = await response.json();
      if (attempt.state !== "in_progress") location.assign(this.element.dataset.resultUrl);
      if (attempt.paused) location.reload();
      if (!attempt.deadline) return;
      this.deadline = moment(attempt.deadline);
      this.setClock(moment(attempt.server_time), heardAt);
    } catch {
      // Offline: the count goes on with what is known.
    }
  }
}

/* The wish to hide the time lasts from question to question; the lasting preference is the server's. */
function keep(isHidden) {
  try {
    sessionStorage.setItem(HIDDEN, isHidden ? "yes" : "no");
  } catch {
    // Then it lasts for this question.
  }
}

function kept() {
  try {
    const word = sessionStorage.getItem(HIDDEN);
    return word && word === "yes";
  } catch {
    return null;
  }
}

/* Milliseconds since 1970 of a time that the server wrote; it counts in microseconds, Date does not. */
function moment(text) {
  return text ? Date.parse(text.replace(/(\.\d{3})\d+/, "$1")) : null;
}

function figures(remaining) {
  const seconds = Math.max(0, Math.ceil(remaining / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
