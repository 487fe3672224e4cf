/**
 * Saves the answer of one slot, in order and until it is acknowledged.
 *
 *   const saver = new Autosave({ slot, url, token, revision, saved: '{"answer":null,"flagged":false}', unsent, tell });
 *   saver.change({ answer: { choice: "b" }, flagged: false });   // sent after a short pause
 *   await saver.flush();                                        // sent now; true when nothing is left to send
 *   saver.keepMine();                                           // after a conflict
 *
 * `tell(event, detail)` hears: saving, saved (the server's answer), kept (not sent, will be tried again), signedOut,
 * failed (reason), invalid (reason), conflict, closed ({kept}), locked, paused (nothing is taken until the clock goes on).
 *
 * A request whose fate is unknown stays at the head of the queue and is sent again under its own key before anything
 * newer, so that an answer which did arrive is never mistaken for somebody else's.
 */

const PAUSE = 800;
const PATIENCE = 15000;
const MOST_KEPT_ALIVE = 15000; // Characters; each takes up to three bytes, and several requests share the limit.
const WAITS = [2000, 5000, 10000, 20000, 30000];

export class Autosave {
  constructor({ slot, url, token, revision, saved, unsent, tell, queue = [] }) {
    Object.assign(this, { slot, url, token, revision, saved, unsent, tell, queue });
    this.isStopped = false;
    this.failures = 0;
  }

  get isDirty() {
    return this.queue.length > 0;
  }

  change(body) {
    const text = JSON.stringify(body);
    const last = this.queue.length ? this.queue[this.queue.length - 1].text : this.saved;
    if (text === last) return;
    this.queue = this.queue.filter((entry) => entry.tried);
    if (this.queue.length || text !== this.saved) this.queue.push({ key: newKey(), text, tried: false });
    this.remember();
    clearTimeout(this.timer);
    if (!this.isDirty) this.tell("saved", {});
    else if (!this.isStopped) this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  flush() {
    clearTimeout(this.timer);
    this.sending ??= this.drain().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  keepMine() {
    this.queue = this.queue.slice(-1).map((entry) => ({ ...entry, key: newKey(), tried: false }));
    this.revision = this.newerRevision ?? this.revision;
    this.isStopped = false;
    return this.flush();
  }

  forget() {
    clearTimeout(this.timer);
    this.queue = [];
    this.remember();
  }

  remember() {
    if (this.isDirty) this.isKept = this.unsent.put(this.slot, { url: this.url, revision: this.revision, queue: this.queue });
    else this.unsent.drop(this.slot);
  }

  async drain() {
    while (this.isDirty && !this.isStopped) {
      const entry = this.queue[0];
      entry.tried = true;
      this.remember();
      this.tell("saving", {});
      const { status, data } = await this.send(entry);
      if (status !== 200 && !this.goesOnAfter(status, data, entry)) return false;
      if (status === 200) this.acknowledge(entry, data);
    }
    return !this.isDirty;
  }

  async send(entry) {
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const response = await fetch(this.url, {
        method: "PUT",
        credentials: "same-origin",
        // The request outlives the page that is being left. Browsers refuse that for bodies of 64 KiB and more.
        keepalive: entry.text.length <= MOST_KEPT_ALIVE,
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": this.token,
          "If-Match": `"${this.revision}"`,
          "Idempotency-Key": entry.key,
        },
        body: entry.text,
        signal: stop.signal,
      });
      return { status: response.status, data: await response.json().catch(() => ({})) };
    } catch {
      return { status: 0, data: {} };
    } finally {
      clearTimeout(patience);
    }
  }

  acknowledge(entry, data) {
    this.failures = 0;
    this.saved = entry.text;
    this.revision = data.revision;
    this.queue = this.queue.filter((other) => other !== entry);
    this.remember();
    if (!this.isDirty) this.tell("saved", data);
  }

  /* What to make of a refusal. True when there is something to send at once. */
  goesOnAfter(status, problem, entry) {
    const reason = problem.detail || problem.title || "";
    if (status === 412) {
      this.newerRevision = problem.revision;
      if (isSame(entry.text, problem.response)) {
        this.acknowledge(entry, { revision: problem.revision });
        return true;
      }
      this.isStopped = true;
      this.tell("conflict", problem);
    } else if (status === 409 && problem.code === "idempotency_key_reused") {
      entry.key = newKey();
      this.failures += 1;
      if (this.failures < 3) return true;
      this.isStopped = true;
      this.tell("failed", { reason });
    } else if (status === 409 && problem.code === "attempt_closed") {
      this.isStopped = true;
      this.forget();
      this.tell("closed", { kept: Boolean(problem.kept) });
    } else if (status === 409 && problem.code === "attempt_paused") {
      this.tell("paused", { isKept: this.isKept });
    } else if (status === 409 && problem.code === "response_locked") {
      this.isStopped = true;
      this.forget();
      this.tell("locked", problem);
    } else if (status === 400) {
      this.queue = this.queue.filter((other) => other !== entry);
      this.remember();
      if (this.isDirty) return true;
      this.tell("invalid", { reason });
    } else if (status === 401 || status === 403) {
      this.tell("signedOut", { reason });
    } else if (status === 404) {
      this.isStopped = true;
      this.tell("failed", { reason });
    } else {
      this.tell(status === 0 ? "kept" : "failed", { reason, isKept: this.isKept });
      this.retryLater();
    }
    return false;
  }

  retryLater() {
    const wait = WAITS[Math.min(this.failures, WAITS.length - 1)];
    this.failures += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), wait);
  }
}

/* Good in every browser, also where the page came over plain HTTP. */
function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function isSame(text, response) {
  if (!response) return false;
  const body = JSON.parse(text);
  const isSureAlike = !("confidence" in body) || body.confidence === response.confidence;
  return sorted(body.answer) === sorted(response.answer) && body.flagged === response.flagged && isSureAlike;
}

/* Members in a fixed order, lists as they are: a list may be an order. */
function sorted(value) {
  return JSON.stringify(value, (name, part) =>
    part && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}
