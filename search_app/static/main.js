// Everything here is a convenience: the pages work without it.
import { suggestions } from "./suggest.js";
import { inPlace } from "./inplace.js";
import { keys, marks, copyButtons, listFilter } from "./reading.js";

const box = document.getElementById("q");
if (box) suggestions(box);
inPlace();
keys(box);
marks();
copyButtons();
listFilter();
