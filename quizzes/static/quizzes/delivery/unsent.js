/**
 * Answers that the server has not acknowledged, kept in this browser by attempt and slot. They hold what the candidate
 * gave and nothing of the key, and leave as soon as they are acknowledged or the attempt is over.
 *
 *   const unsent = new Unsent("8d7c…");
 *   unsent.put(3, { url, revision: 2, queue: [{ key, text, tried }] });   → false if the browser keeps nothing
 *   unsent.all();                                                         → [{ slot: 3, url, revision, queue }]
 *   unsent.drop(3);
 *   unsent.clear();
 */

const PREFIX = "unsent-answer/";
const FORGET_AFTER = 7 * 24 * 3600 * 1000; // An attempt that nobody came back to for a week takes no answers any more.

export class Unsent {
  constructor(attempt) {
    this.prefix = `${PREFIX}${attempt}/`;
    forgetOld();
  }

  put(slot, entry) {
    try {
      localStorage.setItem(this.prefix + slot, JSON.stringify({ ...entry, at: Date.now() }));
      return true;
    } catch {
      return false; // Full, or switched off: the page itself is then the only place that has the answer.
    }
  }

  drop(slot) {
    try {
      localStorage.removeItem(this.prefix + slot);
    } catch {
      // Nothing was kept in the first place.
    }
  }

  all() {
    return names(this.prefix)
      .map((name) => ({ ...read(name), slot: Number(name.slice(this.prefix.length)) }))
      .filter((entry) => Array.isArray(entry.queue) && entry.queue.length && isOurs(entry.url));
  }

  clear() {
    for (const name of names(this.prefix)) localStorage.removeItem(name);
  }
}

function names(prefix) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name)) || {};
  } catch {
    return {};
  }
}

/* What is stored decides where a request goes, so it must be an address of answers on this very site. */
function isOurs(url) {
  return typeof url === "string" && /^\/api\/v1\/attempts\/[0-9a-f-]+\/responses\/\d+\/$/.test(url);
}

function forgetOld() {
  for (const name of names(PREFIX)) {
    if (!(Date.now() - read(name).at < FORGET_AFTER)) localStorage.removeItem(name);
  }
}
