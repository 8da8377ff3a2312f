// Hosts over time: when each was connected (ground), how busy it was (height), when it was lost (red line).
const hostHeight = 20;

function showHosts(timeline) {
  const bins = timeline.slots.length;
  const part = section("hosts", timeline.hosts.length > 0, "Hosts over time", part => part.append(
    make("p", { class: "soft" }),
    make("div", { class: "host fleet" }, make("span", { class: "name" }),
      draw("svg", { ...still, class: "chart" }), make("span", { class: "state" })),
    make("div", { class: "rows" }),
    make("div", { class: "host times" }, make("span"), make("div", { class: "axis" }), make("span")),
    make("p", { class: "soft" })));
  if (!part) return;
  const [, caption, fleet, rows, times, rest] = part.children;
  setText(caption, "Ground: connected. Height: share of its slots at work. Red line: it fell silent and was lost. "
    + "One step is " + duration(timeline.bin_seconds) + ".");
  const most = Math.max(1, ...timeline.slots);
  const last = bins - 1;
  setText(fleet.children[0], "all hosts");
  setText(fleet.children[2], !timeline.slots[last] ? "no slot"
    : number(timeline.busy[last]) + " of " + plural(Math.round(timeline.slots[last]), "slot"));
  setAttribute(fleet.children[1], "viewBox", `0 0 ${Math.max(1, bins)} ${hostHeight}`);
  ifChanged(fleet.children[1], [timeline.slots, timeline.busy], () => fleet.children[1].replaceChildren(
    draw("path", { class: "ground", d: steps(timeline.slots.map(slots => slots / most)) }),
    draw("path", { class: "busy", d: steps(timeline.busy.map(busy => busy / most)) })));
  sync(rows, timeline.hosts, host => host.host, makeHost, (line, host) => updateHost(line, host, timeline, bins));
  setAttribute(rows, "class", timeline.hosts.length > 24 ? "rows many" : "rows");
  const ruler = times.children[1];
  const at = share => new Date(Date.now() - 1000 * timeline.seconds * (1 - share));
  const labels = [clock(at(0)), clock(at(0.5)), "now"];
  ifChanged(ruler, labels, () => ruler.replaceChildren(...labels.map((text, index) => {
    const label = make("span", {}, text);
    label.style.left = 50 * index + "%";
    return label;
  })));
  setText(rest, others(timeline.left_out, "host"));
}

const makeHost = () => make("div", { class: "host" }, make("span", { class: "name" }),
  draw("svg", { ...still, class: "chart" }), make("span", { class: "state" }));

function updateHost(line, host, timeline, bins) {
  const [name, svg, state] = line.children;
  setText(name, host.host);
  setAttribute(name, "title", host.host);
  const load = host.load[host.load.length - 1];
  const at = clock(new Date(Date.now() - 1000 * (timeline.seconds - host.last_seen)));
  setText(state, host.state !== "connected" ? host.state + " " + at
    : load === "." || load === undefined ? "connected" : Math.round(100 * load / 9) + " % busy");
  setAttribute(state, "class", host.state === "lost" ? "state limittext" : "state");
  setAttribute(svg, "viewBox", `0 0 ${Math.max(1, bins)} ${hostHeight}`);
  ifChanged(svg, [host.load, host.losses], () => {
    const levels = Array.from(host.load, level => level === "." ? null : Number(level) / 9);
    svg.replaceChildren(
      draw("path", { class: "ground", d: steps(levels.map(level => level === null ? 0 : 1)) }),
      draw("path", { class: "busy", d: steps(levels) }),
      ...host.losses.map(bin => draw("path", { class: "loss", d: `M${bin + 0.5} 0V${hostHeight}` })));
  });
}

// An area of steps one wide, each as high as its level says, from 0 to 1; nothing stands where there is none.
function steps(levels) {
  let text = "";
  levels.forEach((level, place) => {
    if (!level) return;
    const before = place > 0 ? levels[place - 1] : null;
    const top = (hostHeight * (1 - level)).toFixed(1);
    if (!before) text += `M${place} ${hostHeight}`;
    text += `V${top}H${place + 1}`;
    if (!levels[place + 1]) text += `V${hostHeight}Z`;
  });
  return text;
}
