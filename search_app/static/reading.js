// Jumping between marks, copy buttons, a filter for long lists.
import { say } from "./say.js";

const typing = (node) => node.closest("input, textarea, select, [contenteditable]");

function keys() {
  if (document.documentElement.dataset.keys === "off") return;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.key === "n" || event.key === "p") jump(event.key === "n" ? 1 : -1, event);
  });
}

let at = -1;

function jump(step, event) {
  const all = [...document.querySelectorAll(".read mark")];
  if (!all.length) return;
  event?.preventDefault();
  at = (at + step + all.length) % all.length;
  const mark = all[at];
  mark.tabIndex = -1;
  mark.focus({ preventScroll: true });
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  mark.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
  const bar = document.querySelector("[data-marks]");
  if (bar) {
    // An output is a live region: a screen reader hears of it without more.
    bar.querySelector("output").textContent =
      bar.dataset.marks.replace("#1", at + 1).replace("#2", all.length);
  }
}

function marks() {
  const bar = document.querySelector("[data-marks]");
  if (!bar) return;
  for (const button of bar.querySelectorAll("button")) {
    button.addEventListener("click", () => jump(Number(button.value)));
  }
}

function copyButtons() {
  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(source.textContent.trim());
        button.textContent = button.dataset.done;
        say(button.dataset.done);
      } catch {
        // No clipboard here, or it was refused: selected, the text is one key from copied.
        getSelection().selectAllChildren(source);
      }
    });
  }
}

function listFilter() {
  const box = document.querySelector("input[data-filter]");
  if (!box) return;
  const rows = [...document.querySelectorAll(`#${box.dataset.filter} li:has(a)`)];
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    let left = 0;
    for (const row of rows) {
      row.hidden = !row.querySelector("a").textContent.toLowerCase().includes(wanted);
      if (!row.hidden) left += 1;
    }
    say(box.dataset.left.replace("#", left));
  });
}

keys();
marks();
copyButtons();
listFilter();
