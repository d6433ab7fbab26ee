// Review by keyboard: j and k move, a letter chooses an answer, Enter keeps it, u takes the last one back.
// Without this script every form on the page works all the same.
"use strict";
(() => {
  const items = [...document.querySelectorAll(".item")];
  const field = (form) => form.querySelector("input[name=why]");
  let at = -1;

  function move(step) {
    if (!items.length) return;
    at = Math.min(items.length - 1, Math.max(0, at + step));
    items[at].focus({ preventScroll: true });
    items[at].scrollIntoView({ block: "start" });
  }

  function choose(form, button) {
    for (const one of form.querySelectorAll("[name=verdict]")) one.setAttribute("aria-pressed", String(one === button));
    if (field(form).value.trim()) form.requestSubmit(button);
    else field(form).focus();
  }

  items.forEach((item, place) => item.addEventListener("focusin", () => { at = place; }));

  document.addEventListener("keydown", (key) => {
    if (key.ctrlKey || key.metaKey || key.altKey || key.isComposing) return;
    const typing = key.target.closest("input, textarea, select");
    if (typing) {
      const form = typing.form;
      if (key.key === "Escape") {
        (typing.closest(".item") || document.body).focus();
        typing.blur();
        if (typing.closest(".item")) typing.closest(".item").focus();
      } else if (key.key === "Enter" && form && form.classList.contains("answers")) {
        const chosen = form.querySelector("[aria-pressed=true]");
        if (chosen) { key.preventDefault(); form.requestSubmit(chosen); }
      }
      return;
    }
    if (key.key === "j") move(1);
    else if (key.key === "k") move(-1);
    else if (key.key === "?") { const help = document.querySelector(".keys"); if (help) help.open = !help.open; }
    else if (key.key === "u") { const last = document.querySelector("#latest input[name=why]"); if (last) last.focus(); }
    else if (key.key === "o" && at >= 0) { const link = items[at].querySelector("h2 a"); if (link) link.click(); }
    else {
      const item = items[at] || (items.length === 1 ? items[0] : null);
      const button = item && [...item.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key.key);
      if (!button) return;
      choose(button.form, button);
    }
    key.preventDefault();
  });
})();
