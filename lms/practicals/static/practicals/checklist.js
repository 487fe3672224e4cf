/**
 * <practical-checklist>: the form of a station with a script. It keeps what is filled in on this phone, counts the time
 * and the points, asks for the words that a 0 needs, and sends the sign-off when there is a connection. Without this
 * script the form is sent as any other.
 */

import { announce } from "../lms/js/announce.js";
import { Clock } from "./clock.js";
import { Draft } from "./kept.js";
import { forget, inLine, news, send } from "./sender.js";
import { keepStations } from "./stations.js";

/* How far this phone's clock is from the server's; asked of the first page only, as others may have been kept. */
let ahead = null;

class PracticalChecklist extends HTMLElement {
  connectedCallback() {
    const { now, minutes } = this.dataset;
    this.form = this.querySelector("form");
    this.form.noValidate = true;
    this.key = this.form.elements.namedItem("key");
    this.draft = new Draft(this.dataset);
    this.clock = new Clock(this.querySelector("[data-clock]"), {
      minutes: Number(minutes),
      onChange: () => this.keep(),
      onOver: () => this.tellOver(),
    });
    ahead ??= Date.now() - Date.parse(now);
    this.leaving = new AbortController();
    this.restore();
    this.dataset.key = this.key.value;
    for (const event of ["input", "change"]) this.form.addEventListener(event, () => this.onChange());
    this.form.addEventListener("submit", (event) => this.onSubmit(event));
    this.addEventListener("click", (event) => event.target.closest('[data-do="discard"]') && this.discard());
    news.addEventListener("sign-off", ({ detail }) => this.hear(detail), { signal: this.leaving.signal });
    this.update();
    keepStations();
  }

  disconnectedCallback() {
    this.leaving.abort();
    this.clock.halt();
  }

  get lines() {
    return this.querySelectorAll("[data-line]");
  }

  get criticals() {
    return this.querySelectorAll("[data-critical]");
  }

  // What is filled in ------------------------------------------------------------------------------------------------

  onChange() {
    this.update();
    this.keep();
  }

  keep() {
    const fields = Object.fromEntries(new FormData(this.form));
    for (const name of ["csrfmiddlewaretoken", "key", "seconds"]) delete fields[name];
    this.draft.write({ key: this.key.value, ...this.clock.state, fields });
  }

  restore() {
    const kept = this.draft.read();
    if (!kept) return;
    this.key.value = kept.key;
    for (const [name, value] of Object.entries(kept.fields)) {
      const field = this.form.elements.namedItem(name);
      if (!field) continue;
      if (field.type === "checkbox") field.checked = true;
      else field.value = value;
    }
    this.clock.restore(kept);
    this.querySelector("[data-briefing]").open = false;
    const waits = inLine().find(({ key }) => key === kept.key);
    if (waits) this.lock(true);
    this.show(waits ? "kept" : "restored");
  }

  discard() {
    forget(this.entry());
    this.draft.drop();
    location.reload();
  }

  update() {
    let total = 0;
    for (const line of this.lines) {
      const points = pointsOf(line);
      total += points ?? 0;
      const comment = line.querySelector("[data-comment]");
      for (const part of comment.querySelectorAll("[data-when]")) part.hidden = (part.dataset.when === "needed") !== (points === 0);
      if (points === 0) comment.open = true;
      else if (!textOf(comment) && !comment.contains(document.activeElement)) comment.open = false;
      if (line.classList.contains("criterion--invalid")) this.judge(line);
    }
    for (const line of this.criticals) {
      const isTicked = line.querySelector("input").checked;
      line.querySelector("[data-seen]").open = isTicked || Boolean(textOf(line));
      if (line.classList.contains("criterion--invalid")) this.judgeCritical(line);
    }
    for (const place of this.querySelectorAll("[data-total]")) place.textContent = total;
    this.querySelector("[data-warns]").hidden = !this.querySelector("[data-critical] input:checked");
  }

  // What is missing --------------------------------------------------------------------------------------------------

  judge(line) {
    const points = pointsOf(line);
    if (points === null) return mark(line, this.dataset.sayChoose);
    return mark(line, points === 0 && !textOf(line) ? this.dataset.sayMissing : "");
  }

  judgeCritical(line) {
    return mark(line, line.querySelector("input").checked && !textOf(line) ? this.dataset.saySeen : "");
  }

  isComplete() {
    const wrong = [
      ...Array.from(this.lines).filter((line) => this.judge(line)),
      ...Array.from(this.criticals).filter((line) => this.judgeCritical(line)),
    ];
    if (wrong.length) this.lead(wrong[0]);
    return !wrong.length;
  }

  /* To the first line that is not right, where the hand goes next. */
  lead(line) {
    this.show("look");
    announce(this.dataset.sayLook);
    const isChosen = pointsOf(line) !== null || line.querySelector("input:checked");
    line.querySelector(isChosen ? "textarea" : "input").focus({ preventScroll: true });
    line.scrollIntoView({ block: "center" });
  }

  // Signing off ------------------------------------------------------------------------------------------------------

  entry() {
    const { examiner, attempt, station, title, sendUrl } = this.dataset;
    const key = this.key.value;
    return { examiner, attempt, station, title, key, url: `${sendUrl}${key}/`, page: this.form.getAttribute("action") };
  }

  onSubmit(event) {
    event.preventDefault();
    if (this.isLocked || !this.isComplete()) return;
    this.clock.stop();
    this.keep();
    const lines = Array.from(this.lines);
    const ticked = Array.from(this.criticals).filter((line) => line.querySelector("input").checked);
    const isKept = send({
      ...this.entry(),
      body: {
        station: this.dataset.station,
        points: lines.map(pointsOf),
        comments: lines.map(textOf),
        critical_fails: Object.fromEntries(ticked.map((line) => [line.querySelector(".choice__text").textContent, textOf(line)])),
        comment: this.form.elements.namedItem("comment").value.trim(),
        seconds: this.clock.seconds,
        observed_at: new Date(Date.now() - ahead).toISOString(),
      },
    });
    this.isKept = isKept;
    this.lock(true);
    this.show("sending");
  }

  hear({ what, entry, data }) {
    if (entry.key !== this.key.value) return;
    if (what === "sent") {
      this.draft.drop();
      location.assign(this.dataset.afterUrl);
    } else if (what === "waits") {
      this.lock(true);
      this.show(this.isKept === false ? "unkept" : "kept");
      announce(this.dataset.sayKept);
    } else {
      this.lock(false);
      if (what === "refused") this.take(data);
    }
  }

  /* Refused: each reason at its line, and what belongs to no line above the button. */
  take(data) {
    const rest = [];
    let first = null;
    for (const [name, reasons] of Object.entries(data.errors || {})) {
      const [kind, place] = name.split(".");
      const line = this.querySelector(`[data-${kind === "critical_fails" ? "critical" : "line"}="${place}"]`);
      if (!line) rest.push(...reasons);
      else {
        mark(line, reasons.join(" "));
        first ??= line;
      }
    }
    if (first && !rest.length) {
      this.lead(first);
      return;
    }
    this.querySelector('[data-note="refused"] [data-reason]').textContent = rest.join(" ") || data.detail || data.title || "";
    this.show("refused");
    this.querySelector('[data-note="refused"]').scrollIntoView({ block: "center" });
  }

  lock(isLocked) {
    this.isLocked = isLocked;
    this.querySelector("[data-submit]").disabled = isLocked;
    for (const part of this.querySelectorAll("fieldset, textarea, [data-critical] input, [data-clock-toggle]")) part.disabled = isLocked;
  }

  show(name) {
    for (const note of this.querySelectorAll("[data-note]")) note.hidden = note.dataset.note !== name;
  }

  tellOver() {
    announce(this.dataset.sayOver);
    navigator.vibrate?.(300); // A clock at the table rings silently.
  }
}

function pointsOf(line) {
  const chosen = line.querySelector('input[type="radio"]:checked');
  return chosen ? Number(chosen.value) : null;
}

function textOf(part) {
  return part.querySelector("textarea").value.trim();
}

function mark(line, words) {
  const place = line.querySelector("[data-error]");
  line.classList.toggle("criterion--invalid", Boolean(words));
  place.replaceChildren();
  if (words) {
    const error = document.createElement("p");
    error.className = "field__error";
    error.textContent = words;
    place.append(error);
  }
  return words;
}

customElements.define("practical-checklist", PracticalChecklist);
