/**
 * Logging out leaves nothing of the person in this browser: what pages have kept goes with the session.
 *
 *   <form method="post" action="/accounts/logout/" data-forgets="Answers … Log out and lose them?"> … </form>
 *
 * Where answers or sign-offs have not reached the server yet, the words in `data-forgets` are asked first.
 */

const UNSENT = ["unsent-answer/", "unsent-sign-off/"];

export function forgetOnLeaving(form) {
  form.addEventListener("submit", (event) => {
    // A dialogue of the browser itself: nothing may be lost because a note was overlooked.
    if (hasUnsent() && !confirm(form.dataset.forgets)) event.preventDefault();
    else forget();
  });
}

function hasUnsent() {
  try {
    return Object.keys(localStorage).some((name) => UNSENT.some((prefix) => name.startsWith(prefix)));
  } catch {
    return false;
  }
}

function forget() {
  try {
    localStorage.clear();
    sessionStorage.clear();
    caches.keys().then((names) => names.forEach((name) => caches.delete(name)));
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}
