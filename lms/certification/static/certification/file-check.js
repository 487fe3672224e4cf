/**
 * Is this file a certificate of the school? Works out its SHA-256 in the browser and asks for that alone.
 *
 *   <form data-file-check data-working="Reading the file …">
 *     <div class="file-check__drop"><input type="file"><p class="file-check__said" role="status"></p></div>
 *   </form>
 *
 * Where the browser cannot digest (no secure connection), the form sends the file as it would without a script.
 */

for (const form of document.querySelectorAll("[data-file-check]")) {
  if (!globalThis.crypto?.subtle) continue;
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector(".file-check__drop");
  const said = form.querySelector(".file-check__said");

  const check = async (file) => {
    said.textContent = form.dataset.working;
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    const letters = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    location.assign(`${form.action}?digest=${letters}`);
  };

  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    check(input.files[0]);
  });
  input.addEventListener("change", () => {
    if (input.files.length) check(input.files[0]);
  });
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("file-check__drop--over");
  });
  drop.addEventListener("dragleave", () => drop.classList.remove("file-check__drop--over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    drop.classList.remove("file-check__drop--over");
    const [file] = event.dataTransfer.files;
    if (file) check(file);
  });
  // Coming back by the browser's button shows the page as it was left.
  addEventListener("pageshow", () => {
    said.textContent = "";
  });
}
