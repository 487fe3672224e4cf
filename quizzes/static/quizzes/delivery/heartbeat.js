/**
 * Hears every few seconds how an attempt stands, and knows whether the server can be reached at all.
 *
 *   <form data-heartbeat-url="/api/v1/attempts/…/heartbeat/"> with its csrfmiddlewaretoken somewhere on the page
 *
 *   const beat = new Heartbeat({ url, hear, reach });
 *   beat.start();
 *   await beat.ask();            // now: the answer, or null
 *   beat.isReachable             // false while the network fails
 *   beat.lost(); beat.found();   // what another request has learned
 *
 * `hear(answer, heardAt)` gets { server_time, deadline, paused, state }; `reach(isReachable)` hears of every loss, and
 * when the network is back.
 * Only a page that is looked at asks, and not all pages at the same moment.
 */

const EVERY = 15000;
const SPREAD = 3000;
const AGAIN = 4000;
const NOT_BEFORE = 3000;
const PATIENCE = 10000;

export class Heartbeat {
  constructor({ url, hear, reach = () => {}, every = EVERY }) {
    Object.assign(this, { url, hear, reach, every });
    this.token = document.querySelector('[name="csrfmiddlewaretoken"]').value;
    this.isLost = false;
    this.askedAt = performance.now();
  }

  get isReachable() {
    return navigator.onLine && !this.isLost;
  }

  start() {
    addEventListener("online", () => this.ask());
    addEventListener("offline", () => this.lost());
    addEventListener("focus", () => this.onWaking());
    document.addEventListener("visibilitychange", () => this.onWaking());
    if (navigator.onLine) this.plan();
    else this.lost();
  }

  lost() {
    this.isLost = true;
    this.reach(false);
    this.plan();
  }

  found() {
    if (!this.isLost) return;
    this.isLost = false;
    this.reach(true);
  }

  onWaking() {
    if (performance.now() - this.askedAt > NOT_BEFORE) this.beat();
  }

  plan() {
    clearTimeout(this.timeout);
    if (this.isOver) return;
    const wait = this.isLost ? AGAIN : this.every + SPREAD * (2 * Math.random() - 1);
    this.timeout = setTimeout(() => this.beat(), wait);
  }

  beat() {
    if (document.visibilityState === "visible" && navigator.onLine) this.ask();
    else this.plan();
  }

  ask() {
    this.asking ??= this.send().finally(() => {
      this.asking = null;
      this.plan();
    });
    return this.asking;
  }

  async send() {
    const heardAt = performance.now();
    this.askedAt = heardAt;
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const response = await fetch(this.url, {
        method: "POST",
        credentials: "same-origin",
        headers: { "X-CSRFToken": this.token },
        signal: stop.signal,
      });
      const answer = response.ok ? await response.json() : null;
      this.found();
      // Signed out, or the attempt is gone: asking again would only tell the same.
      if (response.status >= 400 && response.status < 500) this.isOver = true;
      if (answer) this.hear(answer, heardAt);
      return answer;
    } catch {
      this.lost();
      return null;
    } finally {
      clearTimeout(patience);
    }
  }
}
