// Learning curves of the points that run, a chart for each net: strong while they run, faint when they have
// ended.
const curveBox = { width: 340, height: 170, left: 44, right: 12, top: 10, bottom: 24 };
const mostCharts = 12;

function showCurves(curves) {
  const drawn = curves.rows.filter(row => row.epochs.length > 0);
  const charts = new Map();
  for (const row of drawn) charts.set(row.configuration, (charts.get(row.configuration) || []).concat(row));
  const part = section("curves", drawn.length > 0, "Learning curves of running points", part => part.append(
    make("p", { class: "soft" }), make("div", { class: "multiples" }), make("p", { class: "soft" })));
  if (!part) return;
  const [, caption, list, rest] = part.children;
  setText(caption, "Test loss in nats per image after each epoch that a heartbeat told of. A line with a dot "
    + "at its end runs on; a faint one has ended.");
  const running = rows => rows.filter(row => row.running).length;
  const sorted = Array.from(charts).sort((left, right) => running(right[1]) - running(left[1]));
  sync(
    list, sorted.slice(0, mostCharts), ([name]) => name,
    () => make("figure", {}, draw("svg", {
      class: "chart", viewBox: `0 0 ${curveBox.width} ${curveBox.height}`, role: "img" }),
    make("figcaption", {}, make("b"), make("span"))),
    (figure, [name, rows]) => {
      const [svg, words] = figure.children;
      setName(words.firstChild, name);
      setText(words.lastChild, " " + running(rows) + " running" + (running(rows) < rows.length
        ? ", " + (rows.length - running(rows)) + " ended" : ""));
      ifChanged(svg, rows, () => {
        setAttribute(svg, "aria-label", "learning curves of " + name);
        svg.replaceChildren(...curveChart(rows));
      });
    });
  setText(rest, [
    others(sorted.length - mostCharts, "net"), others(curves.left_out, "running point") + (curves.left_out > 0 ? " without a curve" : ""),
  ].filter(text => text.trim()).join("; "));
}

function curveChart(rows) {
  const { width, height, left, right, top, bottom } = curveBox;
  const first = Math.min(...rows.map(row => row.epochs[0]));
  const last = Math.max(first + 1, ...rows.map(row => row.epochs[row.epochs.length - 1]));
  // In the first epochs it falls so far that nothing would be seen of the others.
  const isLate = epoch => epoch >= first + (last - first) / 10;
  const late = rows.flatMap(row => row.test_total.filter((total, index) => isLate(row.epochs[index])));
  const shown = late.length > 0 ? late : rows.flatMap(row => row.test_total);
  const span = [Math.min(...shown), Math.max(...shown)];
  const margin = (span[1] - span[0] || Math.abs(span[0]) || 1) * 0.05;
  const [low, high] = [span[0] - margin, span[1] + margin];
  const x = epoch => left + (width - left - right) * (epoch - first) / (last - first);
  const y = total => top + (height - top - bottom) * (high - total) / (high - low);
  const parts = [];
  for (const tick of ticks(low, high, 4)) parts.push(
    draw("path", { class: "grid", d: `M${left} ${y(tick.value).toFixed(1)}H${width - right}` }),
    draw("text", { class: "soft", x: left - 6, y: (y(tick.value) + 4).toFixed(1), "text-anchor": "end" }, tick.text));
  parts.push(draw("text", { class: "soft", x: left, y: height - 6 }, "epoch " + first));
  const isRoom = tick => Number.isInteger(tick.value) && x(tick.value) > left + 80;
  for (const tick of ticks(first, last, 5).filter(isRoom)) parts.push(
    draw("text", { class: "soft", x: x(tick.value).toFixed(1), y: height - 6, "text-anchor": "middle" }, String(tick.value)));
  parts.push(draw("path", { class: "axis", d: `M${left} ${height - bottom}H${width - right}` }));
  const box = { x: left, y: top, width: width - left - right, height: height - top - bottom };
  // What lies above ends at its upper edge.
  const lines = draw("svg", { ...box, viewBox: Object.values(box).join(" ") });
  const ends = [];
  for (const row of rows.slice().sort((one, other) => one.running - other.running)) {
    const places = row.epochs.map((epoch, index) => [x(epoch), y(row.test_total[index])]);
    lines.append(draw("path", {
      class: row.running ? "line running" : "line",
      d: places.map(([right, down], index) => (index ? "L" : "M") + right.toFixed(1) + " " + down.toFixed(1)).join("") },
    draw("title", {}, "point " + row.key + " on " + row.host)));
    const [right, down] = places[places.length - 1];
    if (row.running) ends.push(draw("circle", {
      class: "bar", cx: right.toFixed(1), cy: Math.max(top, down).toFixed(1), r: 3 }));
  }
  return [...parts, lines, ...ends];
}
