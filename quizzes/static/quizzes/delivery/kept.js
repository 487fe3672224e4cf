/**
 * The questions of an open attempt, kept in this browser so that one can go on while the network fails. They are what
 * the pages of the questions show, without any key, and leave with the attempt: when it is handed in, or at log-out.
 *
 *   const kept = new Kept("8d7c…", "/attempts/8d7c…/questions/");
 *   await kept.fill();                          // once per attempt and browser; pictures included
 *   kept.question(4)                            → { slot, type, revision, question, actions } or undefined
 *   kept.note(4, '{"answer":…}', 2);            // what the server has acknowledged since
 *   kept.known(4)                               → { text, revision } or undefined
 *   await forgetKept("8d7c…");
 */

const QUESTIONS = "attempt-questions/";
const KNOWN = "known-answer/";

export class Kept {
  constructor(attempt, url) {
    Object.assign(this, { attempt, url, questions: new Map() });
  }

  async fill() {
    try {
      await forgetOthers(this.attempt);
      const cache = await caches.open(QUESTIONS + this.attempt);
      if (!(await cache.match(this.url))) await cache.put(this.url, new Response(JSON.stringify(await this.fetch())));
      const questions = await (await cache.match(this.url)).json();
      // Elements of other kinds of question must be known before they are needed.
      const fragments = questions.map((one) => fragment(one.question));
      const modules = fragments.flatMap((part) => [...part.querySelectorAll("[data-module]")].map((one) => one.dataset.module));
      await Promise.all([...new Set(modules)].map((address) => import(address)));
      this.questions = new Map(questions.map((one) => [one.slot, one]));
    } catch {
      // No place to keep them, or no network yet: then going on has to wait for the network.
    }
  }

  async fetch() {
    const response = await fetch(this.url, { credentials: "same-origin", cache: "no-store" });
    const { questions } = await response.json();
    if (!questions.length) throw new Error("Nothing to keep");
    for (const one of questions) one.question = await withPictures(one.question);
    return questions;
  }

  question(slot) {
    return this.questions.get(slot);
  }

  note(slot, text, revision) {
    try {
      localStorage.setItem(`${KNOWN}${this.attempt}/${slot}`, JSON.stringify({ text, revision }));
    } catch {
      // Then the question comes back as it was kept.
    }
  }

  known(slot) {
    try {
      return JSON.parse(localStorage.getItem(`${KNOWN}${this.attempt}/${slot}`)) || undefined;
    } catch {
      return undefined;
    }
  }
}

export async function forgetKept(attempt) {
  forgetKnown((name) => name.startsWith(`${KNOWN}${attempt}/`));
  try {
    await caches.delete(QUESTIONS + attempt);
  } catch {
    // Nothing could be kept here.
  }
}

export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

async function forgetOthers(attempt) {
  forgetKnown((name) => name.startsWith(KNOWN) && !name.startsWith(`${KNOWN}${attempt}/`));
  for (const name of await caches.keys()) {
    if (name.startsWith(QUESTIONS) && name !== QUESTIONS + attempt) await caches.delete(name);
  }
}

function forgetKnown(isMeant) {
  try {
    for (const name of Object.keys(localStorage).filter(isMeant)) localStorage.removeItem(name);
  } catch {
    // Nothing could be kept here.
  }
}

/* A picture is put into the page itself: its address leads nowhere without the network. */
async function withPictures(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  for (const image of template.content.querySelectorAll("img")) {
    const response = await fetch(image.getAttribute("src"), { credentials: "same-origin" });
    if (response.ok) image.setAttribute("src", await asDataUrl(await response.blob()));
  }
  return template.innerHTML;
}

function asDataUrl(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
