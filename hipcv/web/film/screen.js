// What the page shows: texts, checks, counts, ring and shape. It decides nothing.

import { CHECKS } from "./coach/checks.js";

const element = (id) => document.getElementById(id);

export class Screen {
  constructor(words, test) {
    this.words = words;
    this.test = test;
    this.film = element("film");
  }

  text(key) {
    return this.words[key] ?? key;
  }

  label() {
    document.title = `${this.text("title")} · hipcv`;
    const texts = {
      leave: "leave", title: "title", intro: "intro", safety: "safety", "camera-question": "camera.question", "camera-front": "camera.front",
      "camera-back": "camera.back", begin: "begin", consent: "consent", pause: "pause", again: "again", end: "end", "film-again": "again", choose: "choose", save: "save", retry: "retry",
    };
    for (const [id, key] of Object.entries(texts)) element(id).textContent = this.text(key);
    element("checks").setAttribute("aria-label", this.text("checks"));
    this.checks = new Map();
    for (const name of CHECKS.map(([check]) => check)) {
      const item = document.createElement("li");
      item.textContent = this.text(`checked.${name}`);
      element("checks").append(item);
      this.checks.set(name, item);
    }
  }

  muted(isMuted) {
    element("mute").textContent = this.text(isMuted ? "unmute" : "mute");
    element("mute").setAttribute("aria-pressed", String(isMuted));
  }

  show(part, phase = part) {
    for (const id of ["start", "stage", "after"]) element(id).hidden = id !== part;
    this.film.dataset.phase = phase;
  }

  // What the coach says now.
  state(state, said) {
    this.film.dataset.phase = state.phase;
    if (element("say").textContent !== said) element("say").textContent = said;
    for (const [name, item] of this.checks) item.className = state.check === name ? "wrong" : state.fine.includes(name) ? "fine" : "";
    element("pause").textContent = this.text(state.phase === "paused" ? "resume" : "pause");
    element("pause").hidden = state.phase === "setup";
    element("end").hidden = state.phase === "setup";
    this.ring(state.ring);
    this.counts(state);
    this.shape(state);
  }

  ring(share) {
    const ring = element("ring");
    ring.classList.toggle("filled", share >= 1);
    ring.querySelector(".full").style.strokeDasharray = `${Math.min(1, share)} 1`;
    ring.style.visibility = share > 0 ? "visible" : "hidden";
  }

  counts({ counts, phase }) {
    const box = element("counts");
    box.hidden = phase === "setup" || phase === "countdown";
    const told = this.test.legs.flatMap((leg) => this.test.movements.map(({ direction }) => {
      const n = Math.min(counts[leg][direction], this.test.repetitions);
      const dots = "●".repeat(n) + "○".repeat(this.test.repetitions - n);
      return { text: `${this.text(`count.${leg}.${direction}`)} ${dots}`, spoken: `${this.text(`count.${leg}.${direction}`)}: ${n}`, done: n >= this.test.repetitions };
    }));
    const now = JSON.stringify(told);
    if (now === this.told) return;
    this.told = now;
    box.replaceChildren(...told.map(({ text, spoken, done }) => {
      const one = document.createElement("span");
      one.textContent = text;
      one.className = done ? "done" : "";
      one.setAttribute("role", "img");
      one.setAttribute("aria-label", spoken);
      return one;
    }));
  }

  // A drawing of what is asked for; a leg is drawn on the side where the person sees it on the screen.
  shape({ next, phase, check, say }) {
    const key = phase === "test" && next ? `${next.leg}.${next.direction}` : phase === "setup" ? `check.${check ?? "fine"}.${say}` : phase;
    if (key === this.drawn) return;
    this.drawn = key;
    element("shape").replaceChildren(...drawing(phase, next, check, say, this.isMirrored));
    element("shape").style.visibility = element("shape").childElementCount ? "visible" : "hidden";
  }
}

const svg = (name, attributes) => {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

function drawing(phase, next, check, say, isMirrored) {
  if (phase === "test" && next) return seated(next, isMirrored);
  if (phase === "paused") return [svg("path", { d: "M36 25v50M64 25v50" })];
  if (phase === "done") return [svg("path", { d: "M22 54l20 20 38-46" })];
  if (phase === "countdown") return [svg("circle", { cx: 50, cy: 50, r: 30 }), svg("path", { d: "M50 50V30" })];
  return check ? (PHONE[check] ?? PERSON)(say) : [];
}

// Both legs hang from a seat; the one that is asked for swings, with an arrow.
function seated({ leg, direction }, isMirrored) {
  const right = (leg === "right") === isMirrored; // on the screen
  const side = right ? 1 : -1;
  const [knee, other] = [50 + 16 * side, 50 - 16 * side];
  const turn = (direction === "internal" ? 1 : -1) * side;
  const foot = [knee + 24 * turn, 74];
  const from = [knee, 82];
  return [
    svg("path", { d: "M12 38H88" }),
    svg("path", { d: `M${other} 42V82` }),
    svg("path", { d: `M${knee} 42L${foot[0]} ${foot[1]}`, class: "moved" }),
    svg("path", { d: `M${from[0]} ${from[1] + 8}Q${knee + 14 * turn} 96 ${foot[0] + 5 * turn} ${foot[1] + 12}`, class: "moved" }),
    svg("circle", { cx: foot[0] + 5 * turn, cy: foot[1] + 12, r: 4, class: "moved" }),
  ];
}

const phone = (turn = 0) => svg("rect", { x: 34, y: 20, width: 32, height: 60, rx: 6, transform: `rotate(${turn} 50 50)` });
const arrow = (d) => svg("path", { d, class: "moved" });

const PERSON = () => [svg("circle", { cx: 50, cy: 22, r: 10 }), svg("path", { d: "M50 34v26M30 46h40M40 60v28M60 60v28" })];
const PHONE = {
  level: (say) => [phone(say.endsWith("left") ? 14 : -14), arrow(say.endsWith("left") ? "M78 22Q66 6 44 8" : "M22 22Q34 6 56 8")],
  upright: () => [phone(90), arrow("M78 22Q66 6 44 8")],
  front: (say) => [phone(), arrow(say.endsWith("from_left") ? "M74 90H26l10-8M26 90l10 8" : "M26 90H74l-10-8M74 90l-10 8")],
  height: (say) => [phone(), arrow(say.endsWith("high") ? "M84 30v40l-8-10M84 70l8-10" : "M84 70V30l-8 10M84 30l8 10")],
  near: () => [phone(), arrow("M88 50H74l6-6M74 50l6 6M12 50h14l-6-6M26 50l-6 6")],
  light: () => [svg("circle", { cx: 50, cy: 50, r: 16 }), arrow("M50 14v10M50 76v10M14 50h10M76 50h10M24 24l8 8M68 68l8 8M76 24l-8 8M32 68l-8 8")],
  knees: () => [svg("path", { d: "M12 30H88M30 34v50M70 34v50" }), arrow("M20 56h8M80 56h-8")],
  seated: () => [svg("circle", { cx: 50, cy: 18, r: 9 }), svg("path", { d: "M50 28v26M14 56H86M38 58v30M62 58v30" })],
};
