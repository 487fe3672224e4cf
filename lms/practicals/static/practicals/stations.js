/**
 * The other stations of the attempt, kept by this page so that an examiner can go on while there is no connection.
 * They stay in the page's memory and go with it.
 *
 *   <nav data-stations> <a href="/examine/practicals/attempts/…/stations/P2/">P2</a> … </nav>
 *
 *   keepStations();     called by the checklist; the pages are fetched once
 */

import { isReachable } from "./sender.js";

const pages = new Map();
let isBegun = false;

export function keepStations() {
  for (const link of links()) link.addEventListener("click", onClick);
  if (isBegun) return;
  isBegun = true;
  addEventListener("popstate", onGoingBack);
  addEventListener("online", fetchMissing);
  // First what the examiner waits for, then the rest.
  setTimeout(fetchMissing, 500);
}

function links() {
  return document.querySelectorAll("[data-stations] a");
}

async function fetchMissing() {
  for (const { pathname } of Array.from(links(), (link) => new URL(link.href))) {
    if (pages.has(pathname) || !isReachable()) continue;
    try {
      const response = await fetch(pathname, { credentials: "same-origin" });
      if (response.ok && new URL(response.url).pathname === pathname) pages.set(pathname, await response.text());
    } catch {
      return;
    }
  }
  document.querySelector("[data-stations]")?.toggleAttribute("data-kept", pages.size > 0);
}

function onClick(event) {
  const { pathname } = new URL(event.currentTarget.href);
  if (isReachable() || !pages.has(pathname)) return;
  event.preventDefault();
  if (pathname === location.pathname) return;
  history.pushState(null, "", pathname);
  show(pathname);
}

function onGoingBack() {
  if (!isReachable() && pages.has(location.pathname)) show(location.pathname);
  else location.reload();
}

/* The checklist in the new content begins by itself, as its element is defined already. */
function show(pathname) {
  const page = new DOMParser().parseFromString(pages.get(pathname), "text/html");
  document.title = page.title;
  document.getElementById("main").replaceChildren(...page.getElementById("main").childNodes);
  for (const crumb of document.querySelectorAll(".breadcrumb__item--here")) {
    crumb.replaceWith(document.adoptNode(page.querySelector(".breadcrumb__item--here")));
  }
  for (const link of links()) link.addEventListener("click", onClick);
  scrollTo(0, 0);
  document.querySelector("h1").focus({ preventScroll: true });
}
