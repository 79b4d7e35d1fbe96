// What every page gains from a script; without it nothing is lost.

// The error summary takes the focus when the page arrives.
document.querySelector("[data-focus]")?.focus();

// A form is sent once: a second click within five seconds is dropped. The server guards it as well.
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  const form = event.target;
  const last = sent.get(form);
  if (last && Date.now() - last < 5000 && form.method === "post") {
    event.preventDefault();
    return;
  }
  sent.set(form, Date.now());
});
window.addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) sent.delete(form);
});

// Buttons that choose every box of a name exist only with a script.
for (const button of document.querySelectorAll("[data-choose]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    for (const box of document.getElementsByName(button.dataset.choose)) box.checked = true;
  });
}

// Buttons that print the page exist only with a script.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
