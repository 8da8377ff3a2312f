// What the parts of the page are made with.
//
// What a coordinator tells, names of hosts among it, goes into text and values of attributes alone, and
// never becomes markup.
"use strict";
const drawing = "http://www.w3.org/2000/svg";
const byId = id => document.getElementById(id);

function equip(part, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) setAttribute(part, name, value);
  part.append(...children);
  return part;
}
const make = (name, attributes = {}, ...children) =>
  equip(document.createElement(name), attributes, children);
const draw = (name, attributes = {}, ...children) =>
  equip(document.createElementNS(drawing, name), attributes, children);

// What stands already is left alone: a selection, a scroll position and the browser's time are spared.
function setAttribute(part, name, value) {
  if (part.getAttribute(name) !== String(value)) part.setAttribute(name, value);
}
function setText(part, text) {
  if (part.textContent !== text) part.textContent = text;
}
// A configuration's name, which breaks behind commas first.
function setName(part, text) {
  ifChanged(part, text, () =>
    part.replaceChildren(...text.split(/(?<=,)/).map(piece => make("span", { class: "piece" }, piece))));
}
// Lets `update` run again only where what it shows has changed.
function ifChanged(part, value, update) {
  const text = JSON.stringify(value);
  if (part.shownValue === text) return;
  part.shownValue = text;
  update();
}
// Makes the children of `parent` those of `items`, each kept by its key.
function sync(parent, items, key, create, update) {
  const before = new Map(Array.from(parent.children, child => [child.dataset.key, child]));
  let place = parent.firstElementChild;
  items.forEach((item, index) => {
    const name = String(key(item, index));
    let child = before.get(name);
    if (child) before.delete(name);
    else {
      child = create(item);
      child.dataset.key = name;
    }
    update(child, item, index);
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  });
  for (const child of before.values()) child.remove();
}
// The section of this name, made on the first use by `create`, which is given it.
function section(id, isShown, title, create) {
  const part = byId(id);
  part.hidden = !isShown;
  if (isShown && !part.firstChild) {
    part.append(make("h2", {}, title));
    create(part);
  }
  return isShown ? part : null;
}

const number = value => value.toLocaleString("en-US", { maximumFractionDigits: 0 });
const decimal = value => value === null ? "–" : value.toFixed(2);
const plural = (count, noun) => number(count) + " " + noun + (count === 1 ? "" : "s");
const others = (count, noun) => count > 0 ? "and " + number(count) + " more " + noun + (count === 1 ? "" : "s") : "";
function duration(seconds) {
  const whole = Math.round(Math.max(0, seconds));
  if (whole < 90) return whole + " s";
  if (whole < 5400) return Math.floor((whole + 30) / 60) + " min";
  return Math.floor(whole / 3600) + " h " + Math.floor((whole % 3600) / 60) + " min";
}
// The time of day, with the date where it is another day's.
function clock(date, hasSeconds = true) {
  const time = { hour: "2-digit", minute: "2-digit", hour12: false };
  if (hasSeconds) time.second = "2-digit";
  const text = date.toLocaleTimeString("en-GB", time);
  if (date.toDateString() === new Date().toDateString()) return text;
  return date.toLocaleDateString("en-GB", { day: "numeric", month: "short" }) + " " + text;
}

// About `count` round numbers from `low` to `high`.
function ticks(low, high, count) {
  const rough = (high - low) / count || 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(size => size >= rough * 0.999);
  const places = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const found = [];
  for (let tick = Math.ceil(low / step - 1e-9) * step; tick <= high + step * 1e-9; tick += step)
    found.push({ value: tick, text: tick.toFixed(places) });
  return found;
}
const still = { preserveAspectRatio: "none", "aria-hidden": "true" };
