/**
 * Sends the sign-offs that wait, one after the other, until the server has them.
 *
 *   news.addEventListener("sign-off", ({ detail }) => …);   { what, entry, status, data }
 *   begin({ examiner, token });
 *   send(entry);                     kept if the browser keeps anything, and sent now
 *   isReachable();
 *
 * `what` is `sent` (the server has it), `waits` (no connection; tried again), `signedOut` or `refused` (somebody must
 * look at it). The identifier in the address makes it safe to send anything twice.
 */

import { waiting } from "./kept.js";

const PATIENCE = 15000;
const WAITS = [2000, 5000, 10000, 20000, 30000];

export const news = new EventTarget();

const unkept = new Map(); // Where the browser keeps nothing, this page is the only place that has them.
const refused = new Set(); // Not sent again before somebody has looked.
let place = null;
let busy = null;
let timer;
let failures = 0;
let reached = true;

export function begin(who) {
  const isFirst = !place;
  place = who;
  if (isFirst) {
    for (const event of ["online", "focus", "pageshow"]) addEventListener(event, sendAll);
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && sendAll());
  }
  sendAll();
}

export function isReachable() {
  return reached && navigator.onLine;
}

/* True when the browser keeps it, whatever becomes of this page. */
export function send(entry) {
  const isKept = waiting.put(entry);
  if (!isKept) unkept.set(entry.key, entry);
  refused.delete(entry.key);
  sendAll();
  return isKept;
}

export function forget(entry) {
  waiting.drop(entry);
  unkept.delete(entry.key);
  refused.delete(entry.key);
}

export function inLine() {
  return place ? [...waiting.of(place.examiner), ...unkept.values()] : [];
}

export function sendAll() {
  clearTimeout(timer);
  busy ??= drain().finally(() => {
    busy = null;
    // Something came while the last one was on its way.
    if (reached && inLine().some(({ key }) => !refused.has(key))) sendAll();
  });
}

async function drain() {
  const entries = inLine();
  if (!entries.length) reached = true; // Nothing has failed since.
  for (const entry of entries) {
    if (refused.has(entry.key)) continue;
    const { status, data } = await put(entry);
    reached = status !== 0 && status < 500;
    if (!reached) {
      for (const one of inLine()) if (!refused.has(one.key)) tell("waits", one, status, data);
      timer = setTimeout(sendAll, WAITS[Math.min(failures, WAITS.length - 1)]);
      failures += 1;
      return;
    }
    failures = 0;
    if (status === 200 || status === 201) {
      forget(entry);
      tell("sent", entry, status, data);
    } else {
      refused.add(entry.key);
      tell(status === 401 || data.code === "csrf_failed" ? "signedOut" : "refused", entry, status, data);
    }
  }
}

function tell(what, entry, status, data) {
  news.dispatchEvent(new CustomEvent("sign-off", { detail: { what, entry, status, data } }));
}

async function put(entry) {
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(entry.url, {
      method: "PUT",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", "X-CSRFToken": place.token },
      body: JSON.stringify(entry.body),
      signal: stop.signal,
    });
    return { status: response.status, data: await response.json().catch(() => ({})) };
  } catch {
    return { status: 0, data: {} };
  } finally {
    clearTimeout(patience);
  }
}
