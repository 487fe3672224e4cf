/* What the activities of a lesson share: sentences with gaps, and marks that templates hold. */

/** A sentence with its gaps filled: `fill("{right} of {total}", { right: 2, total: 5 })`. */
export function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

/** Put the mark of this name (`<template data-mark="right">`) at the end of a row, in place of the one before. */
export function mark(activity, row, name) {
  unmark(row);
  const template = activity.querySelector(`template[data-mark="${name}"]`);
  row.append(template.content.firstElementChild.cloneNode(true));
}

/** Take a row's mark away. */
export function unmark(row) {
  row.querySelector(":scope > .activity__mark")?.remove();
}

/** Say something in the activity's own polite region. */
export function say(activity, text) {
  activity.querySelector('[role="status"]').textContent = text;
}

/** Move the focus to something that takes none by itself, without a jump of the page where it is in view. */
export function focusOn(element) {
  element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}
