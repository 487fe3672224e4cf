// Starts the CMS's widgets from data attributes, because the content security policy allows no inline script.
//
//   <span hidden data-cms-init="initDateChooser" data-cms-id="id_date" data-cms-options='{"format": "Y-m-d"}'></span>
//
// Five templates of the CMS carry such a marker in place of their inline script (lms/core/templates/wagtailadmin), and
// so does every chooser (lms/core/scriptless.py).

const PANELS = new Set(["InlinePanel", "MultipleChooserPanel"]);
const CHOOSER = /^[A-Z][A-Za-z]*Chooser$/;
const WIDGETS = new Set(["initDateChooser", "initTimeChooser", "initDateTimeChooser"]);

function start(marker) {
  const name = marker.dataset.cmsInit;
  const options = JSON.parse(marker.dataset.cmsOptions || "{}");
  marker.removeAttribute("data-cms-init");
  if (PANELS.has(name)) new window[name](options);
  else if (CHOOSER.test(name)) new window[name](marker.dataset.cmsId, options);
  else if (WIDGETS.has(name)) window[name](marker.dataset.cmsId, options);
}

function startAll(root) {
  if (root.matches?.("[data-cms-init]")) start(root);
  root.querySelectorAll?.("[data-cms-init]").forEach(start);
}

document.addEventListener("DOMContentLoaded", () => {
  startAll(document);
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach(startAll))).observe(
    document.body,
    { childList: true, subtree: true },
  );
});
