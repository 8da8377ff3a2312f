// How far the sweep is: a bar by what became of its points, the counts in words, speed, time left.
const states = ["ok", "diverged", "failed", "cancelled", "running", "waiting"];

function showProgress(status) {
  const points = status.points;
  const settled = points.ok + points.diverged + points.failed + points.cancelled;
  // What is not complete is never told to be.
  const percent = points.total > 0 ? Math.floor(100 * settled / points.total) : 100;
  setText(byId("sweep"), status.sweep);
  setText(byId("origin"), status.origin);
  document.title = percent + " % " + status.sweep;
  const part = byId("progress");
  if (!part.firstChild) {
    part.append(
      make("div", { class: "bar", role: "img" }), make("p", { class: "counts" }),
      make("p", { class: "lead speed" }));
  }
  const [bar, counts, speed] = part.children;
  const told = states.filter(state => points[state] > 0);
  setAttribute(bar, "aria-label", percent + " % of " + plural(points.total, "point"));
  sync(bar, told, state => state, state => make("span", { class: state }), (span, state) => {
    span.style.flexGrow = points[state] / Math.max(1, points.total);
  });
  sync(
    counts, ["all", ...told], state => state,
    state => make("span", {}, ...(state === "all" ? [] : [make("i", { class: state })]), make("span")),
    (span, state) => setText(span.lastChild, state === "all"
      ? percent + " %, " + number(settled) + " of " + plural(points.total, "point")
      : number(points[state]) + " " + state));
  setText(speed, speedOf(status));
  showAlerts(status);
}

function speedOf(status) {
  const parts = [];
  if (status.complete) parts.push("complete");
  if (status.paused) parts.push("paused");
  if (!status.complete) {
    if (status.points_per_hour) parts.push(number(status.points_per_hour) + " points/h");
    if (status.images_per_second) parts.push(number(status.images_per_second) + " images/s");
    if (status.seconds_left) parts.push(...timeLeft(status.seconds_left));
  }
  if (status.fleet) {
    const { workers, slots } = status.fleet;
    const all = count => count.training + count.idle + count.drained;
    parts.push(all(workers) === 0 ? "no worker"
      : plural(all(workers), "worker") + ", " + number(slots.training) + " of " + plural(all(slots), "slot") + " busy");
  }
  if (status.lacking_artifacts > 0) parts.push(plural(status.lacking_artifacts, "point") + " without pictures or measures");
  if (status.faults > 0) parts.push(plural(status.faults, "fault"));
  return parts.join(" · ");
}

function timeLeft([least, most]) {
  const ends = [duration(least), duration(most)];
  const at = [least, most].map(seconds => clock(new Date(Date.now() + 1000 * seconds), false));
  return [
    (ends[0] === ends[1] ? "about " + ends[0] : ends.join(" to ")) + " left",
    "done " + (at[0] === at[1] ? "about " + at[0] : "between " + at.join(" and "))];
}

function showAlerts(status) {
  const list = byId("alerts");
  const alerts = status.alerts.concat(others(status.alerts_left_out, "line") || []);
  list.hidden = alerts.length === 0;
  sync(list, alerts, (text, index) => index, () => make("li"), setText);
}

function showFailures(failures) {
  const part = section("failures", failures.rows.length > 0 || failures.left_out > 0, "Failed points",
    part => part.append(make("ul"), make("p", { class: "soft" })));
  if (!part) return;
  const [, list, rest] = part.children;
  sync(
    list, failures.rows, (row, index) => index, () => make("li", {}, make("b"), make("span")),
    (item, row) => {
      setText(item.firstChild, row.point);
      setText(item.lastChild, ": " + row.reason);
    });
  setText(rest, others(failures.left_out, "failed point"));
}
