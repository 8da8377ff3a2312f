// Clouds that are turned with the mouse, a finger or the keys; those of a group turn together.
const views = {};
class Cloud {
  constructor(box) {
    this.box = box;
    this.canvas = box.querySelector("canvas");
    this.extent = box.dataset.extent;
    // The ten digits, or the classes that are named.
    this.legend = box.dataset.legend ? box.dataset.legend.split(" ").map(Number)
      : [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
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
    // Of more than ten classes the colours come again.
    const classes = this.digits.reduce((most, digit) => Math.max(most, digit + 1), 10);
    const middles = Array.from({length: classes}, () => [0, 0, 0, 0]);
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
      context.fillStyle = digits[digit % 10];
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
    this.legend.forEach((label, row) => {
      context.fillStyle = digits[label % 10];
      context.beginPath();
      context.arc(12, 24 + 20 * row, 5, 0, 6.2832);
      context.fill();
      write(String(label), [26, 24 + 20 * row], "12px system-ui, sans-serif");
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
