// What a page of a form gains from a script: answers are saved as they are given, questions appear as they become
// needed, the estimate follows. The server decides all of it; without script the button does the same.

const form = document.querySelector("form[data-direct]");
const list = document.getElementById("questions");

if (form && list) {
  let running = null;
  let again = false;

  form.addEventListener("change", (event) => {
    if (event.target.type !== "file") update();
  });

  async function update() {
    if (running) {
      again = true;
      return;
    }
    running = send();
    await running;
    running = null;
    if (again) {
      again = false;
      update();
    }
  }

  async function send() {
    try {
      const answer = await fetch(form.dataset.direct, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        credentials: "same-origin",
        redirect: "error",
      });
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      merge(fresh.getElementById("questions"));
      replace(fresh, "estimation");
      replace(fresh, "enregistre");
    } catch {
      // Offline or signed out: the button of the page tells it.
    }
  }

  // Questions that stay keep what is being typed in them; others come and go.
  function merge(fresh) {
    if (!fresh) return;
    const present = new Map([...list.children].map((child) => [child.dataset.question, child]));
    const asked = new Set([...fresh.children].map((child) => child.dataset.question));
    for (const [question, child] of present) if (!asked.has(question)) child.remove();
    // Whoever is in its place stays in it: moving an element takes its focus and what is being typed away.
    let place = list.firstElementChild;
    for (const incoming of [...fresh.children]) {
      const held = present.get(incoming.dataset.question);
      if (held && held === place) place = place.nextElementSibling;
      else list.insertBefore(held ?? document.importNode(incoming, true), place);
    }
  }

  function replace(fresh, id) {
    const held = document.getElementById(id);
    const incoming = fresh.getElementById(id);
    if (held && incoming && held.innerHTML !== incoming.innerHTML) held.replaceChildren(...incoming.childNodes);
  }
}
