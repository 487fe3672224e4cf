/**
 * What this phone keeps of an examiner's work: drafts of checklists, and those that wait to be sent. Both belong to one
 * examiner, as a phone may be handed on, and leave as soon as the server has the sign-off.
 *
 *   const draft = new Draft({ examiner, attempt, station });
 *   draft.write({ key, seconds, since, fields: { "points-0": "2" } });   → false if the browser keeps nothing
 *   draft.read();                                                       → what was written, or null
 *   draft.drop();
 *
 *   waiting.put({ examiner, key, url, page, title, attempt, station, body });   → false if the browser keeps nothing
 *   waiting.of(examiner);                                               → entries, the oldest first
 *   waiting.drop(entry);
 */

const DRAFT = "draft-sign-off/";
const WAITING = "unsent-sign-off/";
const FORGET_AFTER = 14 * 24 * 3600 * 1000; // Drafts only: what was signed off waits for as long as it takes.
const OURS = /^\/api\/v1\/examine\/practicals\/attempts\/[0-9a-f-]+\/sign-offs\/[0-9a-f-]+\/$/;

export class Draft {
  constructor({ examiner, attempt, station }) {
    this.name = `${DRAFT}${examiner}/${attempt}/${station}`;
    forgetOld();
  }

  write(content) {
    return write(this.name, { ...content, at: Date.now() });
  }

  read() {
    return read(this.name);
  }

  drop() {
    drop(this.name);
  }
}

export const waiting = {
  put(entry) {
    return write(nameOf(entry), { ...entry, at: Date.now() });
  },
  /* What is stored decides where a request goes, so it must be an address of sign-offs on this very site. */
  of(examiner) {
    return names(`${WAITING}${examiner}/`)
      .map(read)
      .filter((entry) => entry && OURS.test(entry.url))
      .sort((one, other) => one.at - other.at);
  },
  drop(entry) {
    drop(nameOf(entry));
    const draft = new Draft(entry);
    if (draft.read()?.key === entry.key) draft.drop();
  },
};

function nameOf({ examiner, key }) {
  return `${WAITING}${examiner}/${key}`;
}

function write(name, content) {
  try {
    localStorage.setItem(name, JSON.stringify(content));
    return true;
  } catch {
    return false; // Full, or switched off: the page itself is then the only place that has it.
  }
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function drop(name) {
  try {
    localStorage.removeItem(name);
  } catch {
    // Nothing was kept in the first place.
  }
}

function names(prefix) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}

function forgetOld() {
  for (const name of names(DRAFT)) {
    if (!(Date.now() - read(name)?.at < FORGET_AFTER)) drop(name);
  }
}
