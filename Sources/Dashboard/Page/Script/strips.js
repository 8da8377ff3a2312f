// The summary as it fills in: a row for each configuration, in which every finished run is one dot at its
// final error, on one axis for all.
const stripWidth = 1000;
const stripHeight = 24;

function showSummary(summary) {
  const part = section("summary", summary.rows.length > 0, "Final errors so far", part => part.append(
    make("p", { class: "soft" }),
    make("table", { class: "strips stacks" },
      make("thead", {}, make("tr", {},
        make("th", {}, "configuration"), make("th", { class: "number" }, "ok"),
        make("th", { class: "strip" }, make("div", { class: "axis" })),
        ...["mean", "sd", "collapsed"].map(name => make("th", { class: "number" }, name)))),
      make("tbody")),
    make("p", { class: "soft" })));
  if (!part) return;
  const [, caption, table, rest] = part.children;
  const axis = stripAxis(summary.rows);
  setText(caption, captionOf(summary.rows, axis));
  const ruler = table.querySelector(".axis");
  ifChanged(ruler, axis, () => ruler.replaceChildren(...axis.ticks.map(tick => {
    const label = make("span", {}, tick.text);
    label.style.left = 100 * axis.place(tick.value) + "%";
    return label;
  })));
  const isCollapseTold = summary.rows.some(row => row.collapsed !== null);
  table.classList.toggle("short", !isCollapseTold);
  sync(table.tBodies[0], summary.rows, (row, index) => index + row.configuration, makeRow,
    (line, row) => updateRow(line, row, axis));
  setText(rest, others(summary.left_out, "configuration"));
}

// From the least to the greatest error, but for runs far above the others of their configuration: these would
// squeeze all dots to one side.
function stripAxis(rows) {
  const all = rows.flatMap(row => row.dots);
  let low = Math.min(...all);
  let high = Math.max(...rows.map(row => highestNear(row.dots)));
  if (!all.length) [low, high] = [0, 1];
  const margin = (high - low || Math.abs(high) || 1) * 0.03;
  [low, high] = [low - margin, high + margin];
  const place = value => Math.min(1, (value - low) / (high - low));
  return { low, high, place, beyond: all.filter(value => value > high).length, most: Math.max(...all),
    ticks: all.length ? ticks(low, high, 6) : [] };
}

// Of ascending values the greatest that is no outlier by Tukey's outer fence; of a few nobody can tell.
function highestNear(dots) {
  const at = share => dots[Math.floor(share * (dots.length - 1))];
  const fence = dots.length < 8 ? Infinity : at(0.75) + 3 * (at(0.75) - at(0.25));
  return dots.reduce((most, value) => value <= fence ? value : most, -Infinity);
}

function captionOf(rows, axis) {
  const runs = rows.reduce((sum, row) => sum + row.ok, 0);
  if (runs === 0) return "No run has ended yet.";
  const words = ["Test loss in nats per image, mean over the last five epochs. A dot is a run, the line their mean"];
  if (rows.some(row => row.quartiles.length)) words.push(
    "; where they are too many, dots stand for runs at even ranks, over a band from quartile to quartile");
  if (axis.beyond > 0) words.push(
    "; " + number(axis.beyond) + " beyond the axis at its edge, up to " + decimal(axis.most));
  return words.join("") + ".";
}

const makeRow = () => make("tr", {},
  make("td", { class: "name" }), make("td", { class: "number" }),
  make("td", { class: "strip" }, draw("svg", { ...still, class: "chart", viewBox: `0 0 ${stripWidth} ${stripHeight}` })),
  ...["mean", "sd", "collapsed"].map(name => make("td", { class: "number", "data-label": name })));

function updateRow(line, row, axis) {
  const [name, ok, strip, mean, sd, collapsed] = line.children;
  setName(name, row.configuration);
  setText(ok, row.ok + "/" + row.planned + (row.diverged > 0 ? " (" + row.diverged + " diverged)" : ""));
  setText(mean, decimal(row.mean));
  setText(sd, decimal(row.sd));
  setText(collapsed, decimal(row.collapsed));
  const svg = strip.firstChild;
  ifChanged(svg, [row.dots, row.mean, row.quartiles, axis.low, axis.high], () =>
    svg.replaceChildren(...stripOf(row, axis)));
}

function stripOf(row, axis) {
  const x = value => (stripWidth * axis.place(value)).toFixed(1);
  const parts = axis.ticks.map(tick => draw("path", { class: "grid", d: `M${x(tick.value)} 0V${stripHeight}` }));
  if (row.quartiles.length) {
    const [low, , high] = row.quartiles.map(value => stripWidth * axis.place(value));
    parts.push(draw("rect", { class: "band", x: low, y: 3, width: high - low, height: stripHeight - 6 }));
  }
  // Beside each other as far as there is height: places that never fall together.
  row.dots.forEach((value, index) => {
    const y = stripHeight * (0.2 + 0.6 * ((0.5 + index * 0.618034) % 1));
    parts.push(draw("path", {
      class: value > axis.high ? "run beyond" : "run", d: `M${x(value)} ${y.toFixed(1)}h0` }));
  });
  if (row.mean !== null) parts.push(draw("path", { class: "mean", d: `M${x(row.mean)} 2V${stripHeight - 2}` }));
  return parts;
}
