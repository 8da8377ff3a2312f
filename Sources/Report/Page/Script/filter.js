// Shows only the configurations whose names hold every word that is typed: table rows and figures of
// others are hidden, and their rows in a chart that several share fade. A section that is linked to
// opens.
const named = every("[data-name]");
const filterBox = document.querySelector(".filter");
const filterInput = filterBox.querySelector("input");
const filtered = document.getElementById("filtered");
const configurations = new Set(named.map(part => part.dataset.name));
function filter() {
  const words = filterInput.value.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = name => words.every(word => name.toLowerCase().includes(word));
  for (const part of named) {
    const isShown = fits(part.dataset.name);
    if (part instanceof SVGElement) part.classList.toggle("faded", !isShown);
    else part.hidden = !isShown;
  }
  const shown = Array.from(configurations).filter(fits).length;
  filtered.textContent = words.length ? shown + " of " + configurations.size + " configurations" : "";
}
// Of so few one sees what one looks for.
filterBox.hidden = configurations.size < 8;
filterInput.addEventListener("input", filter);
function unfold() {
  const part = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  const fold = part && part.querySelector(":scope > details");
  if (fold) fold.open = true;
}
addEventListener("hashchange", unfold);
unfold();
const folds = document.querySelector(".folds");
const [foldAll, unfoldAll] = every("button", folds);
folds.hidden = false;
foldAll.addEventListener("click", () => every("section > details").forEach(part => { part.open = false; }));
unfoldAll.addEventListener("click", () => every("details").forEach(part => { part.open = true; }));
