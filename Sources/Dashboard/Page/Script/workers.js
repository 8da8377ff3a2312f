// A row for each worker process.
const workerFigures = ["slots", "training", "epoch", "through", "images/s", "finished", "heard"];

function showWorkers(workers) {
  const rows = workers.rows.map(row => Object.fromEntries(workers.columns.map((name, place) => [name, row[place]])));
  const part = section("workers", rows.length > 0, "Workers", part => part.append(
    make("div", { class: "scroll" }, make("table", { class: "stacks" },
      make("thead", {}, make("tr", {}, make("th", {}, "host"),
        ...workerFigures.map(name => make("th", { class: "number" }, name)), make("th"))),
      make("tbody"))),
    make("p", { class: "soft" })));
  if (!part) return;
  const [, box, rest] = part.children;
  setAttribute(box, "class", rows.length > 24 ? "scroll many" : "scroll");
  const onHost = new Map();
  for (const row of rows) onHost.set(row.host, (onHost.get(row.host) || 0) + 1);
  sync(box.firstChild.tBodies[0], rows, row => row.host + " " + row.process, makeWorker, (line, row) => {
    const isSilent = row.seconds_silent >= 5;
    const texts = [
      onHost.get(row.host) > 1 ? row.host + " (" + row.process + ")" : row.host, number(row.slots),
      number(row.running), epochsOf(row), row.fraction === null ? "–" : Math.floor(100 * row.fraction) + " %",
      row.images_per_second === null ? "–" : number(row.images_per_second), number(row.finished),
      row.seconds_silent < 2 ? "now" : duration(row.seconds_silent) + " ago",
      row.drained === null ? "" : "drained: " + row.drained];
    texts.forEach((text, place) => setText(line.children[place], text));
    line.children[7].classList.toggle("limittext", isSilent);
  });
  setText(rest, others(workers.left_out, "worker"));
}

const makeWorker = () => make("tr", {}, make("td", { class: "name" }),
  ...workerFigures.map(name => make("td", { class: "number", "data-label": name })), make("td", { class: "wrap" }));

const epochsOf = row => row.epoch_least === null ? "–"
  : row.epoch_least === row.epoch_most ? String(row.epoch_least) : row.epoch_least + "–" + row.epoch_most;
