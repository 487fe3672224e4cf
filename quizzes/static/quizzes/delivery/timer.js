/**
 * Counts down to the deadline of an attempt.
 *
 *   <div class="timer" data-timer data-server-time="…" data-deadline="…" data-duration-seconds="1800">
 *     <p class="timer__clock">Your time ends at 14:35</p>
 *     <p class="timer__text" hidden><span data-part="left"></span></p>
 *     <button class="timer__hide" type="button" hidden>Hide time</button>
 *     <progress class="timer__line" hidden></progress>
 *     <p data-part="note" hidden></p>
 *   </div>
 *
 *   const timer = startTimer(element, { attempt, ask, onZero });
 *   timer.hear({ server_time, deadline }, heardAt);   // what the heartbeat says
 *   timer.takeDeadline("2026-01-01T10:00:00Z");       // the deadline that came with a saved answer
 *
 * The server's clock is the only one that counts: the page knows what it said and adds what `performance.now()` says
 * has gone by since. Some computers stop that count while they sleep, so the server is asked again on waking.
 * Time that was given or taken meanwhile is said politely. What happens at zero is advice to the server, never a
 * decision: before it, `ask` lets the server say what it knows.
 */

import { announce } from "../../lms/js/announce.js";

const MINUTE = 60000;
const LONG = 12 * 60 * MINUTE; // Further away than this a clock time says more than a count.
const WORTH_SAYING = MINUTE / 2;
const HIDDEN = "timer-hidden";
const LAST_DEADLINE = "last-deadline/";

export function startTimer(element, { attempt, ask, onZero }) {
  const timer = new Timer(element, { attempt, ask, onZero });
  timer.start();
  return timer;
}

class Timer {
  constructor(element, { attempt, ask, onZero }) {
    Object.assign(this, { element, ask, onZero, place: LAST_DEADLINE + attempt });
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
  }

  get remaining() {
    return this.zeroAt - performance.now();
  }

  start() {
    if ("paused" in this.element.dataset) {
      keep(this.place, ""); // A pause moves the deadline and gives nobody more time.
      return;
    }
    this.button.addEventListener("click", () => {
      this.hide(!this.isHidden);
      keep(HIDDEN, this.isHidden ? "yes" : "no");
    });
    const wish = kept(HIDDEN);
    this.hide(wish ? wish === "yes" : "startsHidden" in this.element.dataset);
    this.before = this.remaining;
    this.tick();
    const last = Number(kept(this.place));
    if (last) this.tellChange(this.deadline - last);
    keep(this.place, this.deadline);
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
      if (this.before > mark * MINUTE && remaining <= mark * MINUTE) this.tellMark(mark, words);
    }
    if (this.mark && remaining <= (this.mark - 1) * MINUTE) this.forgetMark();
    this.before = remaining;
  }

  /* Whoever hides the time does not want to be taken by surprise: a mark is shown for as long as it is true. */
  tellMark(mark, words) {
    announce(words);
    if (!this.isHidden) return;
    this.note(words);
    this.mark = mark;
  }

  forgetMark() {
    this.mark = 0;
    this.note("");
  }

  note(words) {
    const note = this.element.querySelector('[data-part="note"]');
    note.textContent = words;
    note.hidden = !words;
  }

  async reachZero() {
    if (this.isOver) return;
    this.isOver = true;
    await this.ask();
    if (!this.isOver || this.remaining > 1000) {
      this.restart();
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
    this.moveTo(deadline);
  }

  hear({ server_time: serverTime, deadline }, heardAt) {
    if (!deadline) return;
    this.zeroAt = heardAt + moment(deadline) - moment(serverTime);
    this.moveTo(moment(deadline));
  }

  moveTo(deadline) {
    const change = deadline - this.deadline;
    this.deadline = deadline;
    this.duration += change;
    keep(this.place, deadline);
    if (change) this.tellChange(change);
    if (change > WORTH_SAYING) this.before = this.remaining; // Its marks come once more.
    this.restart();
  }

  tellChange(change) {
    if (Math.abs(change) < WORTH_SAYING) return;
    const { more, moreOne, less } = this.element.dataset;
    const minutes = Math.max(1, Math.round(Math.abs(change) / MINUTE));
    const words = (change < 0 ? less : minutes === 1 ? moreOne : more).replace("{n}", minutes);
    this.mark = 0;
    this.note(words);
    announce(words);
  }

  /* Also after zero: time that was given late sets the clock going again. */
  restart() {
    if (this.isOver && this.remaining <= 1000) return;
    this.isOver = false;
    this.button.hidden = false;
    clearTimeout(this.timeout);
    this.tick();
  }
}

/* The wish to hide the time lasts from question to question; the lasting preference is the server's. */
function keep(name, word) {
  try {
    sessionStorage.setItem(name, word);
  } catch {
    // Then it lasts for this question.
  }
}

function kept(name) {
  try {
    return sessionStorage.getItem(name);
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
