/**
 * The room of a sitting keeps itself up to date: every ten seconds the server is asked, and cells that changed are
 * changed in place, so that ticks, focus and scroll stay where they are.
 *
 *   <section data-room data-live-url="/examine/sittings/…/live/" data-said-lost="…">
 *     <p data-room-fresh>…</p> <div data-room-stale hidden>…</div>
 *     <div data-live>
 *       <ul data-live-counts data-lost="1">…</ul>
 *       <table><tbody data-live-rows><tr data-row="…"><td>…</td><td data-left="1450">24:10</td></tr></tbody></table>
 *     </div>
 *   </section>
 *
 * Time left is the server's: the page adds only what `performance.now()` says has gone by since the question was sent.
 */

import { announce } from "../../lms/js/announce.js";

const EVERY = 10000;

const room = document.querySelector("[data-room]");
const live = room.querySelector("[data-live]");
const [load] = performance.getEntriesByType("navigation");
let lost = lostIn(live);
let waiting = null;

wind(live, load ? load.requestStart : 0);
setInterval(tick, 1000);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") ask();
});
waiting = setTimeout(ask, EVERY);

async function ask() {
  clearTimeout(waiting);
  const askedAt = performance.now();
  if (document.visibilityState === "visible") {
    try {
      const response = await fetch(room.dataset.liveUrl, { credentials: "same-origin", cache: "no-store" });
      // Signed out, or no longer an invigilator: the whole page says what to do.
      if (response.redirected || response.status === 403 || response.status === 404) location.reload();
      if (!response.ok) throw new Error(String(response.status));
      const fresh = document.createElement("div");
      fresh.append(new DOMParser().parseFromString(await response.text(), "text/html").body);
      take(fresh, askedAt);
      showStale(false);
    } catch {
      showStale(true);
    }
  }
  clearTimeout(waiting);
  waiting = setTimeout(ask, EVERY);
}

function take(fresh, askedAt) {
  const counts = fresh.querySelector("[data-live-counts]");
  live.querySelector("[data-live-counts]").replaceWith(counts);
  const now = Number(counts.dataset.lost);
  if (now > lost) announce(room.dataset.saidLost);
  lost = now;

  const rows = live.querySelector("tbody[data-live-rows]");
  const freshRows = fresh.querySelector("tbody[data-live-rows]");
  if (!rows || !freshRows) {
    // The first seat was booked, or the last given up: the page around the table changes too.
    if (Boolean(rows) !== Boolean(freshRows)) location.reload();
    return;
  }
  const known = new Map(Array.from(rows.rows, (row) => [row.dataset.row, row]));
  let before = null;
  for (const freshRow of Array.from(freshRows.rows)) {
    const row = known.get(freshRow.dataset.row) || freshRow;
    known.delete(freshRow.dataset.row);
    if (row === freshRow) rows.insertBefore(row, before ? before.nextSibling : rows.firstChild);
    else changeRow(row, freshRow);
    before = row;
  }
  for (const gone of known.values()) if (!gone.contains(document.activeElement)) gone.remove();
  wind(live, askedAt);
}

/* Only what differs is touched, and never the cell in which somebody is. */
function changeRow(row, fresh) {
  row.className = fresh.className;
  Array.from(row.cells).forEach((cell, place) => {
    const freshCell = fresh.cells[place];
    if (cell.contains(document.activeElement) || cell.querySelector("input")) return;
    if ("left" in freshCell.dataset) cell.dataset.left = freshCell.dataset.left;
    else delete cell.dataset.left;
    if (cell.innerHTML !== freshCell.innerHTML) cell.replaceChildren(...freshCell.childNodes);
  });
}

/* Remember by our own count when each clock reaches zero. */
function wind(place, askedAt) {
  for (const cell of place.querySelectorAll("[data-left]")) {
    cell.dataset.zeroAt = String(askedAt + Number(cell.dataset.left) * 1000);
  }
}

function tick() {
  for (const cell of live.querySelectorAll("[data-left]")) {
    cell.textContent = figures(Number(cell.dataset.zeroAt) - performance.now());
  }
}

function figures(remaining) {
  const seconds = Math.max(0, Math.floor(remaining / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function lostIn(place) {
  return Number(place.querySelector("[data-live-counts]").dataset.lost);
}

function showStale(isStale) {
  room.querySelector("[data-room-stale]").hidden = !isStale;
  room.querySelector("[data-room-fresh]").hidden = isStale;
}
