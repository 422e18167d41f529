// Both hips over time, with the repetitions shaded and a cursor at the frame that is shown.

class CurveView {
  constructor(words, onTime, onRep) {
    this.root = made("div", "curve");
    this.svg = drawn("svg", { viewBox: "0 0 600 220", preserveAspectRatio: "none", role: "img", "aria-label": words.curve });
    this.scale = made("div", "scale", null, { "aria-hidden": "true" });
    const drawing = made("div", "drawing");
    drawing.append(this.svg, this.scale);
    this.root.append(drawing, made("p", "axis", words.axis));
    this.onTime = onTime;
    this.onRep = onRep;
    let held = false;
    const follow = (event) => this.onTime(this.timeAt(event));
    this.svg.addEventListener("pointerdown", (event) => {
      held = true;
      this.svg.setPointerCapture(event.pointerId);
      const rep = this.repAt(this.timeAt(event), event);
      if (rep) this.onRep(rep.key);
      follow(event);
    });
    this.svg.addEventListener("pointermove", (event) => held && follow(event));
    for (const end of ["pointerup", "pointercancel"]) this.svg.addEventListener(end, () => (held = false));
  }

  show(data) {
    this.data = data;
    const times = data.times;
    const known = Object.values(data.legs).flatMap((leg) => leg.reading.filter((value) => value !== null));
    const reach = Math.max(20, ...known.map(Math.abs)) * 1.1;
    this.first = times[0];
    this.last = times[times.length - 1];
    this.x = (time) => (600 * (time - this.first)) / Math.max(this.last - this.first, 1e-6);
    this.y = (degrees) => 110 - (105 * degrees) / reach;
    this.svg.replaceChildren();
    this.shades = data.reps.map((rep) => {
      const shade = drawn("rect", { x: this.x(rep.start), y: 2, width: this.x(rep.end) - this.x(rep.start), height: 216, class: "shade", fill: data.legs[rep.side].colour });
      this.svg.append(shade);
      return shade;
    });
    this.span = drawn("rect", { y: 2, height: 216, class: "span" });
    this.svg.append(this.span, drawn("line", { x1: 0, x2: 600, y1: 110, y2: 110, class: "zero", "vector-effect": "non-scaling-stroke" }));
    this.levels(reach);
    for (const leg of Object.values(data.legs)) this.svg.append(this.curve(leg, times));
    this.cursor = drawn("line", { y1: 0, y2: 220, class: "cursor", "vector-effect": "non-scaling-stroke" });
    this.svg.append(this.cursor);
  }

  // Faint lines every twenty degrees, with their numbers; the numbers stand beside the drawing, which is stretched.
  levels(reach) {
    this.scale.replaceChildren();
    for (let degrees = -20 * Math.floor(reach / 20); degrees <= reach; degrees += 20) {
      const y = this.y(degrees);
      if (degrees) this.svg.append(drawn("line", { x1: 0, x2: 600, y1: y, y2: y, class: "level", "vector-effect": "non-scaling-stroke" }));
      const number = made("span", "", `${Math.abs(degrees)}°`);
      number.style.top = `${y / 2.2}%`;
      this.scale.append(number);
    }
  }

  curve(leg, times) {
    let pen = "M";
    const path = [];
    leg.reading.forEach((value, index) => {
      if (value === null) pen = "M";
      else {
        path.push(`${pen}${this.x(times[index]).toFixed(1)} ${this.y(value).toFixed(1)}`);
        pen = "L";
      }
    });
    return drawn("path", { d: path.join(""), class: "angle", stroke: leg.colour, "vector-effect": "non-scaling-stroke" });
  }

  choose(key, time, span) {
    this.data.reps.forEach((rep, index) => {
      this.shades[index].classList.toggle("chosen", rep.key === key);
      this.shades[index].classList.toggle("out", !rep.counts);
    });
    this.cursor.setAttribute("x1", this.x(time));
    this.cursor.setAttribute("x2", this.x(time));
    const [start, end] = span ?? [0, 0];
    this.span.setAttribute("x", this.x(start));
    this.span.setAttribute("width", span ? Math.max(1, this.x(end) - this.x(start)) : 0);
  }

  timeAt(event) {
    const frame = this.svg.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - frame.left) / frame.width));
    return this.first + share * (this.last - this.first);
  }

  // The repetition under the pointer; where both legs have one, that of the nearer curve.
  repAt(time, event) {
    const frame = this.svg.getBoundingClientRect();
    const up = (event.clientY - frame.top) / frame.height < 0.5;
    const here = this.data.reps.filter((rep) => rep.start <= time && time <= rep.end);
    return here.find((rep) => rep.sign > 0 === up) ?? here[0];
  }
}
