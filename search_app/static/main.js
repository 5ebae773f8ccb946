// Everything here is a convenience: the pages work without it.
import { suggestions } from "./suggest.js";
import { inPlace } from "./inplace.js";

const root = document.documentElement;
const box = document.getElementById("q");
if (box) suggestions(box);
inPlace();

// "/" goes to the search box, unless single keys are turned off or something is being typed.
if (box && root.dataset.keys !== "off") {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
}

if (document.querySelector(".read, [data-filter]")) import("./reading.js");
