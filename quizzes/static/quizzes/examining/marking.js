/**
 * Marking without a mouse: in a criterion a digit gives that many points and goes on to the next; Ctrl+Enter saves.
 *
 *   <form data-marking> <fieldset data-criterion> <input type="radio" value="2"> … </fieldset> … </form>
 */

for (const form of document.querySelectorAll("[data-marking]")) {
  const criteria = [...form.querySelectorAll("[data-criterion]")];
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (!/^\d$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const here = event.target.type === "radio" ? event.target.closest("[data-criterion]") : null;
    const chosen = here?.querySelector(`input[type="radio"][value="${event.key}"]`);
    if (!chosen) return;
    event.preventDefault();
    chosen.checked = true;
    const next = criteria[criteria.indexOf(here) + 1];
    (next?.querySelector("input:checked") || next?.querySelector("input") || form.querySelector("textarea")).focus();
  });
}
