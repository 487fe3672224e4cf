/**
 * A batch of awards: ticks all of a list at once, and keeps the page of one that is running up to date.
 *
 *   <form data-tick-all><button type="button" data-tick="all">…</button> … <input type="checkbox" name="application">
 *   <div data-progress data-running>…</div>
 */

const WAIT = 2000; // Between two looks at a batch that is running.

for (const form of document.querySelectorAll("[data-tick-all]")) {
  const boxes = form.querySelectorAll("input[name=application]");
  const count = form.querySelector("[data-ticked]");
  const tell = () => {
    if (count) count.textContent = Array.from(boxes).filter((box) => box.checked).length;
  };
  for (const button of form.querySelectorAll("[data-tick]")) {
    button.addEventListener("click", () => {
      for (const box of boxes) box.checked = button.dataset.tick === "all";
      tell();
    });
  }
  form.addEventListener("change", tell);
  tell();
}

async function look() {
  const shown = document.querySelector("[data-progress]");
  if (!shown || !("running" in shown.dataset)) return;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (response.ok) {
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      const fresh = page.querySelector("[data-progress]");
      if (fresh) shown.replaceWith(fresh);
    }
  } catch {
    // Not connected at the moment: the next look may be luckier.
  }
  setTimeout(look, WAIT);
}

setTimeout(look, WAIT);
