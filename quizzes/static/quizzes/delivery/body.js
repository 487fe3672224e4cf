/**
 * What a form says of one question, as the text of the request that saves it; and back into the form.
 *
 *   readBody(form, "single_choice")      → '{"answer":{"choice":"b"},"flagged":false}', undefined when it cannot be told
 *   servedBody(form, "single_choice")    the same of the page as it came
 *   writeBody(form, "single_choice", text)
 *
 * Where the assessment asks how sure one is, `confidence` stands beside them.
 */

import { readAnswer, servedAnswer, writeAnswer } from "./answers.js";

const CERTAINTY = 'input[name="confidence"]';

export function readBody(form, type) {
  const answer = readAnswer(form, type);
  if (answer === undefined) return undefined;
  return text(form, answer, form.elements.namedItem("flagged").checked, (radio) => radio.checked);
}

export function servedBody(form, type) {
  return text(form, servedAnswer(form, type), form.elements.namedItem("flagged").defaultChecked, (radio) => radio.defaultChecked);
}

export function writeBody(form, type, body) {
  const { answer, flagged, confidence } = JSON.parse(body);
  if (answer !== undefined) writeAnswer(form, type, answer);
  form.elements.namedItem("flagged").checked = flagged;
  for (const radio of form.querySelectorAll(CERTAINTY)) radio.checked = Number(radio.value) === confidence;
}

function text(form, answer, flagged, isPicked) {
  const radios = [...form.querySelectorAll(CERTAINTY)];
  const body = { answer, flagged };
  if (radios.length) {
    const picked = radios.find(isPicked);
    body.confidence = picked ? Number(picked.value) : null;
  }
  return JSON.stringify(body);
}
