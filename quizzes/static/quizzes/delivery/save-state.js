/**
 * Whether this answer is saved, where the eye rests.
 *
 *   <p class="save-state" data-save-state data-state="saved" data-zone="Europe/Berlin">
 *     <span data-when="saved">Saved <time data-part="time">10:42:07</time></span> <span data-when="saving" hidden>Saving</span> …
 *   </p>
 */

export function showSaveState(state, savedAt) {
  const place = document.querySelector("[data-save-state]");
  if (!place) return;
  place.dataset.state = state;
  if (savedAt) writeTime(place, savedAt);
  for (const part of place.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== state;
  // "Saved" without a time is said when an answer went back to what was never sent.
  if (state === "saved" && !savedTime()) place.querySelector('[data-when="saved"]').hidden = true;
}

/* When this answer was saved, as it is shown; empty when it never was. */
export function savedTime() {
  return document.querySelector('[data-save-state] [data-part="time"]')?.textContent || "";
}

/* The server's time in the person's zone, as the server itself would write it. */
function writeTime(place, savedAt) {
  const time = place.querySelector('[data-part="time"]');
  time.dateTime = savedAt;
  time.textContent = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
    timeZone: place.dataset.zone,
  }).format(new Date(savedAt));
}
