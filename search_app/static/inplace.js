// Results change in place: the same addresses, the same HTML, without losing focus.
import { say } from "./say.js";

let asking = null;

// A document from the server by XMLHttpRequest: its parser runs no script, and nothing is
// ever written as a string of HTML (the policy forbids it).
function load(url) {
  if (asking) asking.abort();
  return new Promise((done, fail) => {
    const request = asking = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.onload = () => request.response ? done(request) : fail(new Error("empty"));
    request.onerror = () => fail(new Error("network"));
    request.onabort = () => fail(null);
    request.send();
  });
}

// How to find the same control again among the new ones. (What was left out comes back as a
// hidden field of the same name and value, which cannot take the focus.)
function remembered(node) {
  if (!node) return "";
  if (node.id) return `#${CSS.escape(node.id)}`;
  if (!node.name) return "";
  return `#live [name="${CSS.escape(node.name)}"][value="${CSS.escape(node.value)}"]:not([type="hidden"])`;
}

function address(form, submitter) {
  const data = new FormData(form, submitter);
  const query = new URLSearchParams();
  for (const [name, value] of data) if (value !== "" || name !== "q") query.append(name, value);
  const url = new URL(form.action, location.href);
  url.search = query;
  return url.href;
}

async function go(url, { push = true, top = false } = {}) {
  const live = document.getElementById("live");
  live.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await load(url);
  } catch (error) {
    if (error) location.assign(url);
    return;
  }
  const next = answer.response;
  const fresh = next.getElementById("live");
  const final = answer.responseURL || url;
  if (!fresh) { location.assign(final); return; }
  const focus = remembered(document.activeElement);
  const inside = live.contains(document.activeElement);
  const open = document.getElementById("filters")?.open;
  if (push && final !== location.href) history.pushState({ inPlace: true }, "", final);
  document.title = next.title;
  const filters = fresh.querySelector("#filters");
  if (filters && open) filters.open = true;
  live.replaceWith(document.adoptNode(fresh));
  for (const part of [".top", ".foot"]) {
    const [old, now] = [document.querySelector(part), next.querySelector(part)];
    if (old && now && !old.contains(document.activeElement)) old.replaceWith(document.adoptNode(now));
  }
  const box = document.getElementById("q");
  if (box !== document.activeElement || !push) box.value = next.getElementById("q").value;
  if (inside) {
    const again = focus && document.querySelector(focus);
    (again || document.getElementById("results")).focus({ preventScroll: !top });
  }
  if (top) document.getElementById("results").scrollIntoView();
  say(document.getElementById("summary")?.textContent || "");
}

export function inPlace() {
  const form = document.getElementById("search");
  if (!form || !document.getElementById("live")) return;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    go(address(form, event.submitter));
  });
  document.addEventListener("change", (event) => {
    const field = event.target;
    if (field.form === form && field.type === "checkbox") go(address(form));
  });
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("#live a[href]");
    if (!link) return;
    const url = new URL(link.href instanceof SVGAnimatedString ? link.href.baseVal : link.href, location.href);
    if (url.origin !== location.origin || url.pathname !== new URL(form.action).pathname) return;
    event.preventDefault();
    go(url.href, { top: Boolean(link.closest(".pager")) });
  });
  history.replaceState({ inPlace: true }, "");
  addEventListener("popstate", (event) => {
    if (event.state?.inPlace) go(location.href, { push: false });
  });
}
