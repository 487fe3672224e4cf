/**
 * The one script of every page. It looks for what the page holds and improves that, and nothing else.
 *
 *   <details data-closes>                     closes on Escape and on a click outside
 *   <a data-menu-button href="#site-menu">    becomes a button (menu.js)
 *   <form data-forgets="…">                    logs out, and leaves nothing in this browser (forget.js)
 *   <x data-module="{% static 'app/x.js' %}"> loads that module once
 */

import { forgetOnLeaving } from "./forget.js";
import { enhanceMenu } from "./menu.js";

document.documentElement.toggleAttribute("data-scripted", true);

for (const link of document.querySelectorAll("[data-menu-button]")) enhanceMenu(link);
for (const form of document.querySelectorAll("form[data-forgets]")) forgetOnLeaving(form);

const closing = document.querySelectorAll("details[data-closes]");
if (closing.length) {
  document.addEventListener("click", (event) => {
    for (const details of closing) {
      if (details.open && !details.contains(event.target)) details.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const details of closing) {
      if (!details.open) continue;
      details.open = false;
      details.querySelector("summary").focus();
    }
  });
}

const modules = new Set(Array.from(document.querySelectorAll("[data-module]"), (element) => element.dataset.module));
for (const address of modules) import(address);
