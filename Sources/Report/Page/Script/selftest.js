// What the page checks of itself at #selftest.
// In the document before it has loaded, so that loading waits for them.
function probes() {
  const shelf = document.createElement("div");
  shelf.hidden = true;
  document.body.append(shelf);
  return every("image").map(image => image.getAttribute("href"))
    .concat(every("img").map(image => image.src)).map(source => {
      const image = new Image();
      image.src = source;
      shelf.append(image);
      return image;
    });
}
async function selfTest(images) {
  const wait = time => new Promise(done => setTimeout(done, time));
  const broken = images.filter(image => !image.complete || !image.naturalWidth)
    .map(image => image.src.slice(0, 60));
  every("details").forEach(part => { part.open = true; });
  const charts = every("svg.chart").filter(chart => !chart.closest(".turning"));
  const empty = charts.filter(chart => {
    const box = chart.getBoundingClientRect();
    return !(box.width > 0 && box.height > 0 && chart.getBBox().width > 0);
  });
  const pixels = cloud => {
    // A copy that is made to be read.
    const copy = document.createElement("canvas");
    copy.width = copy.height = cloud.canvas.width;
    const context = copy.getContext("2d", {willReadFrequently: true});
    context.drawImage(cloud.canvas, 0, 0);
    const data = context.getImageData(0, 0, copy.width, copy.height).data;
    const words = new Uint32Array(data.buffer);
    let painted = 0, sum = 0;
    for (const word of words) {
      if (word) painted++;
      sum = (Math.imul(sum, 31) + word) | 0;
    }
    return {painted, sum};
  };
  const different = (left, right) => left.sum !== right.sum;
  const blank = [], still = [];
  for (const cloud of clouds) {
    const before = pixels(cloud);
    if (before.painted < 500) {
      blank.push(cloud.canvas.getAttribute("aria-label"));
    }
    cloud.canvas.dispatchEvent(new KeyboardEvent("keydown", {key: "ArrowLeft", cancelable: true}));
    if (!different(before, pixels(cloud))) still.push("key");
    const held = pixels(cloud);
    cloud.canvas.setPointerCapture = () => {};
    for (const [name, x] of [["pointerdown", 100], ["pointermove", 160], ["pointerup", 160]]) {
      cloud.canvas.dispatchEvent(new PointerEvent(name, {clientX: x, clientY: 90, pointerId: 1}));
    }
    if (!different(held, pixels(cloud))) still.push("pointer");
    delete cloud.canvas.setPointerCapture;
  }
  for (const player of players) {
    const seen = () => player.circles.map(circle => circle.getAttribute("cx")).join();
    const slide = value => {
      player.slider.value = value;
      player.slider.dispatchEvent(new Event("input"));
      return seen();
    };
    const first = slide(0);
    if (player.last > 0 && first === slide(player.last)) still.push("slider");
    slide(0);
    player.button.click();
    for (let i = 0; i < 50 && first === seen(); i++) await wait(100);
    if (player.last > 0 && first === seen()) still.push("play");
    player.stop();
  }
  if (!filterBox.hidden) {
    const type = text => {
      filterInput.value = text;
      filterInput.dispatchEvent(new Event("input"));
      return named.filter(part => part.hidden || part.classList.contains("faded")).length;
    };
    const [first] = configurations;
    const gone = type(first);
    if (gone === 0 || gone === named.length || type("") !== 0) still.push("filter");
  }
  const wide = every(".scroll > table").filter(table => table.scrollWidth > table.parentElement.clientWidth + 1)
    .map(table => table.caption.textContent.slice(0, 60));
  foldAll.click();
  if (every("section > details[open]").length) still.push("fold");
  unfoldAll.click();
  if (every("details:not([open])").length) still.push("unfold");
  const requests = performance.getEntriesByType("resource").map(entry => entry.name)
    .filter(name => !name.startsWith("data:"));
  const report = document.createElement("pre");
  report.id = "selftest";
  report.textContent = JSON.stringify({images: images.length, broken, charts: charts.length,
    empty: empty.map(chart => chart.getAttribute("aria-label")), clouds: clouds.length, blank,
    players: players.length, still, wide, requests, faults,
    overflow: document.documentElement.scrollWidth > innerWidth});
  document.body.prepend(report);
}
if (location.hash === "#selftest") {
  const images = probes();
  addEventListener("load", () => selfTest(images).catch(error => {
    const report = document.createElement("pre");
    report.id = "selftest";
    report.textContent = String(error);
    document.body.prepend(report);
  }));
}
