// Recent searches: kept in this browser only, never sent anywhere.
const KEY = "recent-searches";
const MOST = 8;

export function recent() {
  try {
    const list = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(list) ? list.filter((x) => typeof x === "string").slice(0, MOST) : [];
  } catch { return []; }
}

export function remember(text) {
  const query = text.trim();
  if (!query || query.length > 200) return;
  try {
    const list = [query, ...recent().filter((x) => x !== query)].slice(0, MOST);
    localStorage.setItem(KEY, JSON.stringify(list));
  } catch { /* storage may be off */ }
}

export function forget() {
  try { localStorage.removeItem(KEY); } catch { /* storage may be off */ }
}
