/**
 * The answer of a question's form in the shape of the API, and back into the form.
 *
 *   readAnswer(form, "single_choice")   → { choice: "b" }, null when left blank, undefined when it cannot be told
 *   writeAnswer(form, "single_choice", { choice: "b" })
 *
 * A type that is not listed here is saved by its form alone, unless its custom element has a property `answer`
 * that reads and takes the same shape.
 */

const TYPES = {
  single_choice: {
    read: (data) => (data.get("answer") ? { choice: data.get("answer") } : null),
    write: (form, answer) => tick(form, [answer.choice]),
  },
  multiple_response: {
    read: (data) => (data.getAll("answer").length ? { choices: data.getAll("answer") } : null),
    write: (form, answer) => tick(form, answer.choices),
  },
  true_false: {
    read: (data) => (data.get("answer") ? { value: data.get("answer") === "true" } : null),
    write: (form, answer) => tick(form, [String(answer.value)]),
  },
  numeric: {
    read: (data) => ((data.get("answer") || "").trim() ? { value: data.get("answer").trim() } : null),
    write: (form, answer) => {
      form.elements.namedItem("answer").value = answer.value;
    },
  },
  matching: {
    read: (data) => {
      const pairs = Object.fromEntries(named(data, "pair-").filter(([, option]) => option));
      return Object.keys(pairs).length ? { pairs } : null;
    },
    write: (form, answer) => {
      for (const [prompt, option] of Object.entries(answer.pairs)) set(form, `pair-${prompt}`, option);
    },
  },
  ordering: { read: readOrder, write: writeOrder },
  short_answer: {
    read: (data) => ((data.get("answer") || "").trim() ? { text: data.get("answer") } : null),
    write: (form, answer) => set(form, "answer", answer.text),
  },
  cloze: {
    read: (data) => {
      const gaps = Object.fromEntries(named(data, "gap-").filter(([, given]) => given.trim()));
      return Object.keys(gaps).length ? { gaps } : null;
    },
    write: (form, answer) => {
      for (const [gap, given] of Object.entries(answer.gaps)) set(form, `gap-${gap}`, given);
    },
  },
  hotspot: {
    read: (data) => {
      const regions = data.getAll("answer");
      const points = (data.get("points") || "").split(" ").filter(Boolean);
      if (regions.length) return { regions };
      return points.length ? { points: points.map((point) => point.split(",").map(Number)) } : null;
    },
    write: (form, answer) => {
      tick(form, answer.regions || []);
      set(form, "points", (answer.points || []).map((point) => point.join(",")).join(" "));
    },
  },
  labelling: {
    read: (data) => {
      const labels = Object.fromEntries(named(data, "label-").filter(([, label]) => label));
      return Object.keys(labels).length ? { labels } : null;
    },
    write: (form, answer) => {
      for (const [target, label] of Object.entries(answer.labels)) set(form, `label-${target}`, label);
    },
  },
  essay: {
    read: (data) => ((data.get("answer") || "").trim() ? { text: data.get("answer").replace(/\r\n?/g, "\n") } : null),
    write: (form, answer) => setText(form.elements.namedItem("answer"), answer.text),
  },
};

export function readAnswer(form, type) {
  const element = ownElement(form);
  if (element) return element.answer;
  return TYPES[type] ? TYPES[type].read(new FormData(form)) : undefined;
}

/* The answer as the page came, whatever was done to the form before this script ran. */
export function servedAnswer(form, type) {
  return TYPES[type] ? TYPES[type].read(servedData(form)) : undefined;
}

function servedData(form) {
  const data = new FormData();
  for (const field of form.elements) {
    if (field.type === "radio" || field.type === "checkbox") {
      if (field.defaultChecked) data.append(field.name, field.value);
    } else if (field.localName === "select") {
      const option = [...field.options].find((one) => one.defaultSelected) || field.options[0];
      data.append(field.name, option ? option.value : "");
    } else if (field.name && (field.localName === "input" || field.localName === "textarea")) {
      data.append(field.name, field.defaultValue);
    }
  }
  return data;
}

export function writeAnswer(form, type, answer) {
  const element = ownElement(form);
  if (element) {
    element.answer = answer;
    return;
  }
  if (!TYPES[type]) return;
  tick(form, []);
  for (const field of form.querySelectorAll('.question select, .question input[name^="gap-"]')) field.value = "";
  for (const area of form.querySelectorAll(".question textarea")) setText(area, "");
  set(form, "points", "");
  if (answer) TYPES[type].write(form, answer);
  for (const element of form.querySelectorAll("quiz-hotspot, quiz-labelling")) element.refresh?.();
}

function ownElement(form) {
  return [...form.querySelectorAll(".question *")].find((element) => element.localName.includes("-") && "answer" in element);
}

/* Positions are an answer once each element has one of its own; until then there is nothing to save. */
function readOrder(data) {
  const places = named(data, "position-");
  const given = places.filter(([, place]) => place);
  if (!given.length) return null;
  if (new Set(given.map(([, place]) => place)).size !== places.length) return undefined;
  return { order: given.sort(([, one], [, other]) => one - other).map(([name]) => name) };
}

function writeOrder(form, answer) {
  const list = form.querySelector(".question ol");
  for (const [place, name] of answer.order.entries()) {
    const select = form.elements.namedItem(`position-${name}`);
    select.value = String(place + 1);
    list.append(select.closest("li"));
  }
  list.closest("quiz-ordering")?.refresh?.();
}

function named(data, prefix) {
  return [...data.entries()].filter(([name]) => name.startsWith(prefix)).map(([name, value]) => [name.slice(prefix.length), value]);
}

function set(form, name, value) {
  const field = form.elements.namedItem(name);
  if (field) field.value = value;
}

/* The element around a text counts its words and hears of this; the form saves nothing by it. */
function setText(area, text) {
  area.value = text;
  area.dispatchEvent(new Event("input"));
}

function tick(form, values) {
  for (const input of form.querySelectorAll('.question input[name="answer"]')) {
    if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
    else input.value = "";
  }
}
