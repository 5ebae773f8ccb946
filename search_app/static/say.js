// Tell a screen reader politely; the element is on every page.
export function say(text) {
  const place = document.getElementById("say");
  if (!place) return;
  place.textContent = "";
  setTimeout(() => { place.textContent = text; }, 50);
}
