/// The page's own script: clouds that turn, circles that move, and what the page checks of itself.
///
/// Without it the page shows every picture still. Opened as `index.html#selftest`, it checks what it
/// shows and writes what it found into the element `selftest`, as JSON.
enum PageScript {
  static let source = Markup(trusted: watch + cloud + player + paper + selfTest)

  private static let watch = """
    "use strict";
    const faults = [];
    addEventListener("error", event => faults.push(String(event.message)));
    addEventListener("unhandledrejection", event => faults.push(String(event.reason)));
    addEventListener("securitypolicyviolation",
      event => faults.push("blocked " + event.violatedDirective + " " + event.blockedURI));
    const every = (selector, from) => Array.from((from || document).querySelectorAll(selector));
    const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

    """

  private static let cloud = """
    const views = {};
    class Cloud {
      constructor(box) {
        this.box = box;
        this.canvas = box.querySelector("canvas");
        this.extent = box.dataset.extent;
        const bytes = Uint8Array.from(atob(box.dataset.cloud), letter => letter.charCodeAt(0));
        const data = new DataView(bytes.buffer);
        this.count = bytes.length / 7;
        this.points = new Float32Array(3 * this.count);
        this.digits = new Uint8Array(this.count);
        for (let i = 0; i < this.count; i++) {
          for (let j = 0; j < 3; j++) {
            this.points[3 * i + j] = data.getInt16(7 * i + 2 * j, true) / 32767 * 4;
          }
          this.digits[i] = bytes[7 * i + 6];
        }
        const group = box.dataset.group;
        this.view = views[group] || (views[group] = {yaw: 0.65, pitch: 0.42, zoom: 1, members: []});
        this.view.members.push(this);
        box.classList.add("turning");
        this.canvas.hidden = false;
        this.listen();
        new ResizeObserver(() => this.draw()).observe(this.canvas);
        this.draw();
      }
      listen() {
        const canvas = this.canvas, view = this.view;
        let held = null;
        canvas.addEventListener("pointerdown", event => {
          held = [event.clientX, event.clientY];
          canvas.setPointerCapture(event.pointerId);
        });
        canvas.addEventListener("pointermove", event => {
          if (!held) return;
          this.turn(0.01 * (event.clientX - held[0]), 0.01 * (event.clientY - held[1]));
          held = [event.clientX, event.clientY];
        });
        for (const end of ["pointerup", "pointercancel"]) {
          canvas.addEventListener(end, () => { held = null; });
        }
        const turns = {ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1],
          ArrowDown: [0, 0.1]};
        canvas.addEventListener("keydown", event => {
          const turn = turns[event.key];
          if (turn) this.turn(turn[0], turn[1]);
          else if (event.key === "+" || event.key === "=") view.zoom = clamp(view.zoom * 1.1, 0.5, 6);
          else if (event.key === "-") view.zoom = clamp(view.zoom / 1.1, 0.5, 6);
          else if (event.key === "0") Object.assign(view, {yaw: 0.65, pitch: 0.42, zoom: 1});
          else return;
          event.preventDefault();
          view.members.forEach(member => member.draw());
        });
        const button = this.box.querySelector("button");
        button.hidden = false;
        let spinning = false;
        button.addEventListener("click", () => {
          spinning = !spinning;
          button.textContent = spinning ? "stop" : "turn";
          let before = performance.now();
          const step = now => {
            if (!spinning) return;
            this.turn((now - before) * 0.0005, 0);
            before = now;
            requestAnimationFrame(step);
          };
          if (spinning) requestAnimationFrame(step);
        });
      }
      turn(yaw, pitch) {
        this.view.yaw += yaw;
        this.view.pitch = clamp(this.view.pitch + pitch, -1.57, 1.57);
        this.view.members.forEach(member => member.draw());
      }
      draw() {
        const canvas = this.canvas, view = this.view;
        const ratio = devicePixelRatio || 1, side = canvas.clientWidth || 440;
        const size = Math.round(side * ratio);
        if (canvas.width !== size) canvas.width = canvas.height = size;
        const context = canvas.getContext("2d");
        context.setTransform(ratio, 0, 0, ratio, 0, 0);
        context.clearRect(0, 0, side, side);
        const style = getComputedStyle(document.documentElement);
        const colour = name => style.getPropertyValue("--" + name).trim();
        const scale = side * 0.28 * view.zoom, middle = side / 2;
        const cy = Math.cos(view.yaw), sy = Math.sin(view.yaw);
        const cp = Math.cos(view.pitch), sp = Math.sin(view.pitch);
        const place = (x, y, z) => {
          const away = x * sy + y * cy;
          return [middle + scale * (x * cy - y * sy), middle - scale * (z * cp + away * sp),
            away * cp - z * sp];
        };
        context.strokeStyle = colour("faint");
        context.lineWidth = 1;
        context.beginPath();
        for (let axis = 0; axis < 3; axis++) {
          for (const first of [-1, 1]) for (const second of [-1, 1]) {
            const start = [0, 0, 0];
            start[(axis + 1) % 3] = first;
            start[(axis + 2) % 3] = second;
            start[axis] = -1;
            const from = place(...start);
            start[axis] = 1;
            const to = place(...start);
            context.moveTo(from[0], from[1]);
            context.lineTo(to[0], to[1]);
          }
        }
        context.stroke();
        const digits = [];
        for (let digit = 0; digit < 10; digit++) digits.push(colour("d" + digit));
        const shown = [];
        const middles = digits.map(() => [0, 0, 0, 0]);
        for (let i = 0; i < this.count; i++) {
          const p = this.points, at = place(p[3 * i], p[3 * i + 1], p[3 * i + 2]);
          const sum = middles[this.digits[i]];
          for (let j = 0; j < 3; j++) sum[j] += p[3 * i + j];
          sum[3]++;
          shown.push([at[2], at[0], at[1], this.digits[i]]);
        }
        shown.sort((left, right) => right[0] - left[0]);
        for (const [depth, x, y, digit] of shown) {
          const near = clamp(0.5 - depth / 2.4, 0, 1);
          context.globalAlpha = 0.3 + 0.5 * near;
          context.fillStyle = digits[digit];
          context.beginPath();
          context.arc(x, y, (1.1 + 1.2 * near) * Math.sqrt(view.zoom), 0, 6.2832);
          context.fill();
        }
        context.globalAlpha = 1;
        const write = (text, at, font) => {
          context.font = font;
          context.textAlign = "center";
          context.textBaseline = "middle";
          context.lineWidth = 4;
          context.lineJoin = "round";
          context.strokeStyle = colour("paper");
          context.fillStyle = colour("ink");
          context.strokeText(text, at[0], at[1]);
          context.fillText(text, at[0], at[1]);
        };
        const labels = [];
        middles.forEach((sum, digit) => {
          if (!sum[3]) return;
          const at = place(sum[0] / sum[3], sum[1] / sum[3], sum[2] / sum[3]);
          labels.push({digit, x: at[0], y: at[1]});
        });
        for (let round = 0; round < 60; round++) {
          labels.forEach((first, i) => labels.slice(i + 1).forEach(second => {
            const dx = second.x - first.x, dy = second.y - first.y, distance = Math.hypot(dx, dy);
            if (distance >= 16) return;
            const push = (16 - distance) / 2;
            const [ux, uy] = distance > 0.01 ? [dx / distance, dy / distance] : [0.8, 0.6];
            first.x -= ux * push;
            first.y -= uy * push;
            second.x += ux * push;
            second.y += uy * push;
          }));
        }
        labels.forEach(label =>
          write(String(label.digit), [label.x, label.y], "bold 17px system-ui, sans-serif"));
        digits.forEach((name, digit) => {
          context.fillStyle = name;
          context.beginPath();
          context.arc(12, 24 + 20 * digit, 5, 0, 6.2832);
          context.fill();
          write(String(digit), [26, 24 + 20 * digit], "12px system-ui, sans-serif");
        });
        ["z₁", "z₂", "z₃"].forEach((name, axis) => {
          const end = [-1, -1, -1];
          end[axis] = 1.14;
          write(name, place(...end), "13px system-ui, sans-serif");
        });
        context.font = "12px system-ui, sans-serif";
        context.textAlign = "center";
        context.fillStyle = colour("soft");
        context.fillText("cube from −" + this.extent + " to " + this.extent +
          " standard deviations of the prior", middle, side - 10);
      }
    }
    const clouds = every(".cloud").map(box => new Cloud(box));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change",
      () => clouds.forEach(cloud => cloud.draw()));

    """

  private static let player = """
    class Player {
      constructor(box) {
        this.data = JSON.parse(box.dataset.player);
        this.circles = every("circle.ring", box);
        this.marks = every("text[data-digit]", box);
        this.slider = box.querySelector("input");
        this.button = box.querySelector("button");
        this.output = box.querySelector("output");
        this.last = this.data.snapshots.length - 1;
        this.at = this.last;
        this.isPlaying = false;
        box.querySelector(".controls").hidden = false;
        this.slider.addEventListener("input", () => {
          this.stop();
          this.show(Number(this.slider.value));
        });
        this.button.addEventListener("click", () => this.isPlaying ? this.stop() : this.play());
        this.slider.value = this.last;
      }
      show(at) {
        this.at = clamp(at, 0, this.last);
        const before = Math.floor(this.at), after = Math.min(this.last, before + 1);
        const part = this.at - before;
        const from = this.data.snapshots[before], to = this.data.snapshots[after];
        const sums = {};
        this.circles.forEach((circle, i) => {
          const value = j => from[3 * i + j] + (to[3 * i + j] - from[3 * i + j]) * part;
          const x = value(0), y = value(1);
          circle.setAttribute("cx", x.toFixed(2));
          circle.setAttribute("cy", y.toFixed(2));
          circle.setAttribute("r", Math.max(0, value(2)).toFixed(2));
          const sum = sums[this.data.labels[i]] || (sums[this.data.labels[i]] = [0, 0, 0]);
          sum[0] += x;
          sum[1] += y;
          sum[2]++;
        });
        this.marks.forEach(mark => {
          const sum = sums[mark.dataset.digit];
          if (!sum) return;
          mark.setAttribute("x", (sum[0] / sum[2]).toFixed(2));
          mark.setAttribute("y", (sum[1] / sum[2] + 5).toFixed(2));
        });
        const nearest = Math.round(this.at);
        this.slider.value = nearest;
        this.slider.setAttribute("aria-valuetext", this.data.words[nearest]);
        this.output.textContent = this.data.words[nearest];
      }
      play() {
        if (this.at >= this.last) this.show(0);
        this.isPlaying = true;
        this.button.textContent = "❚❚";
        this.button.setAttribute("aria-label", "pause");
        let before = performance.now();
        // Not an animation frame: none comes while the picture is out of sight.
        const step = () => {
          if (!this.isPlaying) return;
          const now = performance.now();
          this.show(this.at + (now - before) / 220);
          before = now;
          if (this.at >= this.last) this.stop(); else setTimeout(step, 30);
        };
        setTimeout(step, 30);
      }
      stop() {
        this.isPlaying = false;
        this.button.textContent = "▶";
        this.button.setAttribute("aria-label", "play");
      }
    }
    const players = every(".player").map(box => new Player(box));

    """

  /// On paper nothing stays folded.
  private static let paper = """
    let folded = [];
    addEventListener("beforeprint", () => {
      folded = every("details:not([open])");
      folded.forEach(part => { part.open = true; });
      players.forEach(player => { player.stop(); player.show(player.last); });
    });
    addEventListener("afterprint", () => folded.forEach(part => { part.open = false; }));

    """

  private static let selfTest = """
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
      const requests = performance.getEntriesByType("resource").map(entry => entry.name)
        .filter(name => !name.startsWith("data:"));
      const report = document.createElement("pre");
      report.id = "selftest";
      report.textContent = JSON.stringify({images: images.length, broken, charts: charts.length,
        empty: empty.map(chart => chart.getAttribute("aria-label")), clouds: clouds.length, blank,
        players: players.length, still, requests, faults,
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

    """
}
