// Circles that move, by a button and a slider.
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
