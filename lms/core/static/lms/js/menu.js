/**
 * The menu of small screens: the link that opens it by its address becomes a button.
 *
 *   <a class="menu-button" href="#site-menu" data-menu-button>…</a>
 *   <div class="site-menu" id="site-menu" data-menu>…</div>
 */

export function enhanceMenu(link) {
  const menu = document.getElementById(link.hash.slice(1));
  if (!menu) return;

  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.append(...link.childNodes);
  button.setAttribute("aria-controls", menu.id);
  link.replaceWith(button);

  const open = (wanted) => {
    menu.toggleAttribute("data-open", wanted);
    button.setAttribute("aria-expanded", String(wanted));
  };

  open(location.hash === `#${menu.id}`);
  if (location.hash === `#${menu.id}`) history.replaceState(null, "", location.pathname + location.search);

  button.addEventListener("click", () => open(!menu.hasAttribute("data-open")));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.hasAttribute("data-open")) {
      open(false);
      button.focus();
    }
  });
}
