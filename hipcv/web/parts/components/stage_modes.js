// What can be done on the stage: place points, add a repetition that was missed, set a vertical. Each draws itself and has its own buttons.

const rounded = (point) => point.map((value) => Math.round(value * 100) / 100);

class PointsMode {
  constructor(stage) {
    this.stage = stage;
    this.placed = null;
  }

  get side() {
    return this.stage.rep?.side ?? "right";
  }

  // What was moved and not sent yet is sent, as it was meant for the frame that is left.
  left() {
    if (this.soon) this.send();
    this.placed = null;
  }

  get isMoving() {
    return this.stage.mode === "points" && Boolean(this.placed && (this.stage.film.held || this.soon));
  }

  tools(words) {
    const { stage } = this;
    return [
      made("p", "hint", words.points_hint),
      button(words.add, () => stage.enter("add")),
      button(words.vertical, () => stage.enter("vertical")),
    ];
  }

  draw() {
    const { stage } = this;
    const { leg, rep, frame } = stage;
    const [knee, ankle] = pointsAt(leg, frame);
    const hand = rep?.hand && frameAt(stage.data.times, rep.hand.time) === frame ? rep.hand : null;
    const now = this.placed ?? (hand && { knee: hand.knee, ankle: hand.ankle }) ?? (knee && { knee, ankle });
    const sign = rep?.sign ?? 1;
    if (!now) return stage.say(rep, null, sign);
    const mark = hand || this.placed ? stage.data.mark : leg.mark;
    stage.drawShank(now, knee && (hand || this.placed) ? { knee, ankle } : null);
    const degrees = readingDeg(leg, frame, sign, now.knee, now.ankle);
    if (rep && !stage.data.locked && stage.hasPicture) this.drawHandles(now, degrees);
    stage.say(rep, degrees, sign, mark);
  }

  drawHandles(now, degrees) {
    const points = { knee: [...now.knee], ankle: [...now.ankle] };
    for (const name of ["knee", "ankle"]) {
      const moved = (point) => {
        points[name] = point;
        this.placed = { ...points };
        this.follow();
      };
      this.stage.film.handle(name, this.stage.words[`handle_${name}`], degrees, points[name], moved, () => this.send());
    }
  }

  // While a point moves: only lines and numbers, so that the handle stays under the finger.
  follow() {
    const { stage } = this;
    const { film, leg, frame, rep } = stage;
    const degrees = readingDeg(leg, frame, rep.sign, this.placed.knee, this.placed.ankle);
    const [knee, ankle] = pointsAt(leg, frame);
    film.clearLines();
    stage.drawShank(this.placed, knee && { knee, ankle });
    for (const shown of film.handles.values()) shown.tell(degrees);
    stage.say(rep, degrees, rep.sign, stage.data.mark);
    clearTimeout(this.soon);
    this.soon = film.held ? null : setTimeout(() => this.send(), 900); // the arrow keys
  }

  send() {
    clearTimeout(this.soon);
    this.soon = null;
    const { stage, placed } = this;
    if (!placed || !stage.rep) return;
    const points = { knee_px: rounded(placed.knee), ankle_px: rounded(placed.ankle) };
    stage.change({ kind: "move_points", rep: stage.key, time_s: stage.data.times[stage.frame], ...points });
  }
}

class AddMode {
  constructor(stage) {
    this.stage = stage;
  }

  entered() {
    this.side = this.stage.rep?.side ?? "right";
    this.from = this.to = null;
  }

  get span() {
    const now = this.stage.data.times[this.stage.frame];
    return this.from === null ? null : [Math.min(this.from, this.to ?? now), Math.max(this.from, this.to ?? now)];
  }

  draw() {
    const { stage } = this;
    const [knee, ankle] = pointsAt(stage.leg, stage.frame);
    if (!knee) return stage.say(null, null, 1);
    stage.drawShank({ knee, ankle }, null);
    stage.say(null, stage.leg.reading[stage.frame], 1, stage.leg.mark);
  }

  tools(words) {
    const { stage } = this;
    const mark = (name) => () => {
      this[name] = stage.data.times[stage.frame];
      stage.drawTools();
      stage.draw();
    };
    const add = button(words.add_now, () => this.send(), "main");
    add.disabled = this.from === null || this.to === null;
    const legs = Object.entries(stage.data.legs).map(([side, leg]) => this.choice(side, leg.name));
    const marks = [button(words.from, mark("from")), button(words.to, mark("to"))];
    return [made("p", "hint", words.add_hint), ...legs, ...marks, add, button(words.cancel, () => stage.enter("points"))];
  }

  choice(side, name) {
    const label = made("label", "choice");
    const choice = made("input", "", null, { type: "radio", name: "add-side", value: side });
    choice.checked = side === this.side;
    choice.addEventListener("change", () => {
      this.side = side;
      this.stage.draw();
    });
    label.append(choice, name);
    return label;
  }

  // The direction is that of the farthest angle within the span.
  send() {
    const { stage } = this;
    const [start, end] = this.span;
    const times = stage.data.times;
    const inside = stage.leg.reading.filter((value, index) => value !== null && times[index] >= start && times[index] <= end);
    const farthest = inside.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    const direction = farthest >= 0 ? "internal" : "external";
    stage.change({ kind: "add_rep", side: this.side, direction, start_s: start, end_s: end });
  }
}

class VerticalMode {
  constructor(stage) {
    this.stage = stage;
  }

  get side() {
    return this.stage.rep?.side ?? "right";
  }

  entered() {
    const part = this.stage.part();
    const across = part.left + 0.08 * part.width;
    this.line ??= [
      [across, part.top + 0.15 * part.height],
      [across, part.top + 0.85 * part.height],
    ];
  }

  draw() {
    const { film, words } = this.stage;
    ["upper", "lower"].forEach((name, index) => {
      const moved = (point) => {
        this.line[index] = point;
        this.redraw();
      };
      film.handle(name, words[`handle_${name}`], 0, this.line[index], moved, () => {});
    });
    this.redraw();
  }

  redraw() {
    const { film, words } = this.stage;
    film.clearLines();
    film.line(this.line[0], this.line[1], "set");
    const lean = turnedDeg(0, fromDownDeg(this.line[0], this.line[1]));
    for (const shown of film.handles.values()) shown.tell(lean);
    const way = lean >= 0 ? words.to_right : words.to_left;
    this.stage.write(words.vertical_heading, words.lean.replace("{angle}", Math.abs(lean).toFixed(1)).replace("{way}", way), "", lean);
  }

  tools(words) {
    const { stage } = this;
    const use = () => stage.change({ kind: "choose_zero", zero: "line", line_px: this.line.map(rounded), time_s: stage.data.times[stage.frame] });
    return [made("p", "hint", words.vertical_hint), button(words.vertical_use, use, "main"), button(words.cancel, () => stage.enter("points"))];
  }
}
