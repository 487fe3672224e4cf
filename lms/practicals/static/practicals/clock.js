/**
 * The examiner's clock: it counts, and nothing else depends on it.
 *
 *   <div data-clock><span data-clock-time>00:00</span><button data-clock-toggle><span data-when="stopped">…</span>…</button></div>
 *
 *   const clock = new Clock(element, { minutes: 15, onChange: save, onOver: tell });
 *   clock.seconds;                        null before it was started
 *   clock.restore({ seconds: 312, since: 1730000000000 });
 *   clock.state;                          what `restore` takes
 *   clock.stop();
 */

export class Clock {
  constructor(root, { minutes, onChange, onOver }) {
    Object.assign(this, { root, limit: minutes * 60, onChange, onOver });
    this.counted = null;
    this.since = null;
    this.isOver = false;
    root.querySelector("[data-clock-toggle]").addEventListener("click", () => {
      if (this.since) this.stop();
      else this.start();
      this.onChange();
    });
  }

  get seconds() {
    if (this.counted === null) return null;
    return Math.round(this.counted + (this.since ? (Date.now() - this.since) / 1000 : 0));
  }

  get state() {
    return { seconds: this.counted, since: this.since };
  }

  start() {
    this.counted ??= 0;
    this.since = Date.now();
    this.run();
  }

  stop() {
    this.counted = this.seconds;
    this.since = null;
    clearInterval(this.timer);
    this.show();
  }

  restore({ seconds, since }) {
    this.counted = seconds ?? null;
    this.since = since ?? null;
    this.isOver = (this.seconds ?? 0) >= this.limit;
    if (this.since) this.run();
    else this.show();
  }

  run() {
    clearInterval(this.timer);
    this.timer = setInterval(() => this.show(), 500);
    this.show();
  }

  halt() {
    clearInterval(this.timer);
  }

  show() {
    const all = this.seconds ?? 0;
    const text = [Math.floor(all / 60), all % 60].map((part) => String(part).padStart(2, "0")).join(":");
    this.root.querySelector("[data-clock-time]").textContent = text;
    this.root.dataset.level = all >= this.limit ? "over" : "calm";
    for (const part of this.root.querySelectorAll("[data-when]")) {
      part.hidden = (part.dataset.when === "running") !== Boolean(this.since);
    }
    if (all >= this.limit && !this.isOver) {
      this.isOver = true;
      this.onOver();
    }
  }
}
