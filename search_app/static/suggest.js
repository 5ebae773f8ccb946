// Suggestions: an editable combobox with a list, after the WAI-ARIA Authoring Practices.
// Quiet while an input method composes; focus never leaves the box.
import { recent, remember, forget } from "./recent.js";
import { say } from "./say.js";

const WAIT = 120;

export function suggestions(box) {
  const form = box.form;
  const list = document.createElement("ul");
  list.className = "pop";
  list.id = "q-list";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", box.dataset.listlabel);
  box.after(list);
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");

  let typed = box.value, active = -1, timer = 0, asked = 0, composing = false;

  const options = () => [...list.children];
  const close = () => {
    clearTimeout(timer);
    asked += 1;
    list.hidden = true;
    active = -1;
    box.setAttribute("aria-expanded", "false");
    box.removeAttribute("aria-activedescendant");
  };
  const choose = (item) => {
    if (item.dataset.act === "forget") { forget(); close(); return; }
    box.value = item.dataset.text;
    close();
    form.requestSubmit();
  };
  const show = (items, spoken) => {
    list.replaceChildren(...items.map((item, i) => {
      const li = document.createElement("li");
      li.id = `q-option-${i}`;
      li.setAttribute("role", "option");
      li.setAttribute("aria-selected", "false");
      li.dataset.text = item.text;
      if (item.act) li.dataset.act = item.act;
      else li.lang = "zh-CN";
      li.append(item.text);
      if (item.note) {
        const small = document.createElement("small");
        small.textContent = item.note;
        small.lang = document.documentElement.lang;
        li.append(small);
      }
      return li;
    }));
    active = -1;
    list.hidden = !items.length;
    box.setAttribute("aria-expanded", String(items.length > 0));
    box.removeAttribute("aria-activedescendant");
    if (items.length && spoken) say(box.dataset.many.replace("#", items.length));
  };
  const ask = async () => {
    const mine = ++asked;
    const text = box.value.trim();
    if (!text) { close(); return; }
    try {
      const url = new URL(box.dataset.suggest, location.href);
      url.searchParams.set("q", text);
      const answer = await fetch(url, { headers: { Accept: "application/json" } });
      if (!answer.ok || mine !== asked) return;
      const data = await answer.json();
      if (mine !== asked || document.activeElement !== box) return;
      show(data.suggestions.map((s) => ({ text: s.text, note: s.label })), true);
    } catch { /* offline: no suggestions */ }
  };
  const later = () => {
    typed = box.value;
    clearTimeout(timer);
    if (!composing) timer = setTimeout(ask, WAIT);
  };
  const past = () => {
    const list_ = recent();
    if (!list_.length) return;
    show([...list_.map((text) => ({ text, note: box.dataset.recent })),
      { text: box.dataset.clear, act: "forget" }], false);
  };
  const move = (to) => {
    const all = options();
    if (!all.length) return;
    if (active >= 0) all[active].setAttribute("aria-selected", "false");
    active = to < -1 ? all.length - 1 : to >= all.length ? -1 : to;
    if (active < 0) {
      box.value = typed;
      box.removeAttribute("aria-activedescendant");
      return;
    }
    const item = all[active];
    item.setAttribute("aria-selected", "true");
    item.scrollIntoView({ block: "nearest" });
    box.setAttribute("aria-activedescendant", item.id);
    if (!item.dataset.act) box.value = item.dataset.text;
  };

  box.addEventListener("compositionstart", () => { composing = true; clearTimeout(timer); });
  box.addEventListener("compositionend", () => { composing = false; later(); });
  box.addEventListener("input", later);
  box.addEventListener("click", () => { if (!box.value && list.hidden) past(); });
  box.addEventListener("blur", () => setTimeout(() => {
    if (document.activeElement !== box) close();
  }, 150));
  box.addEventListener("keydown", (event) => {
    if (composing || event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) { if (box.value.trim()) ask(); else past(); return; }
      move(event.key === "ArrowDown" ? active + 1 : active - 1);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      box.value = typed;
      close();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      choose(options()[active]);
    } else if (event.key === "Enter" || event.key === "Tab") {
      close();
    }
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const item = event.target.closest("li");
    if (item) choose(item);
  });
  form.addEventListener("submit", () => remember(box.value));
}
