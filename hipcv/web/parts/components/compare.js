// Two visits beside each other: the end range of the same movement, and both films in step with each other.

const comparisons = new WeakMap();

export default function (component) {
  const { parentElement, data } = component;
  let shown = comparisons.get(parentElement);
  if (!shown || shown.language !== data.language) {
    shown?.root.remove();
    shown = new Comparison(data.words, data.language);
    comparisons.set(parentElement, shown);
    parentElement.appendChild(shown.root);
  }
  shown.show(data);
}

class Comparison {
  constructor(words, language) {
    this.words = words;
    this.language = language;
    this.root = made("div", "compare");
    this.films = [new FilmView(words), new FilmView(words)];
    this.titles = [made("p", "title"), made("p", "title")];
    this.angles = [made("p", "angle"), made("p", "angle")];
    const pair = made("div", "pair");
    this.films.forEach((film, index) => {
      const one = made("div", "one");
      one.append(this.titles[index], film.root, this.angles[index]);
      film.onScale = () => this.data && this.goTo(this.share);
      pair.append(one);
    });
    this.range = made("input", "share", null, { type: "range", min: "0", max: "100", step: "1", "aria-label": words.share });
    this.range.addEventListener("input", () => this.goTo(Number(this.range.value) / 100));
    this.playing = button(words.play, () => this.play());
    this.choice = made("select", "", null, { "aria-label": words.movement });
    this.choice.addEventListener("change", () => this.choose(this.choice.value));
    const bar = made("div", "bar");
    bar.append(this.choice, this.playing, button(words.end_range, () => this.goTo(null)), this.range);
    this.root.append(pair, bar);
    this.share = null;
  }

  show(data) {
    this.data = data;
    this.titles.forEach((title, index) => (title.textContent = data.visits[index].title));
    this.choice.replaceChildren(...data.movements.map((one) => made("option", "", one.name, { value: one.key })));
    const known = data.movements.some((one) => one.key === this.key);
    this.choose(known ? this.key : data.movements[0]?.key);
    if (known) this.choice.value = this.key;
  }

  choose(key) {
    this.key = key;
    this.goTo(null);
  }

  // share = how far within the movement, 0 to 1; null = the end range of each.
  goTo(share) {
    this.share = share;
    this.drawing = true;
    this.data.visits.forEach((visit, index) => this.draw(visit, this.films[index], index, share));
    this.drawing = false;
    if (share !== null) this.range.value = String(Math.round(100 * share));
  }

  draw(visit, film, index, share) {
    const rep = visit.reps[this.key];
    film.show(visit.film, visit.film || !rep?.still ? null : { src: rep.still, width: visit.width, height: visit.height });
    if (!rep) {
      this.angles[index].textContent = this.words.not_there;
      film.clear();
      return;
    }
    const end = rep.hand ? frameAt(visit.times, rep.hand.time) : rep.frame;
    const frame = share === null ? end : frameAt(visit.times, rep.start + share * (rep.end - rep.start));
    const leg = visit.legs[rep.side];
    const [knee, ankle] = pointsAt(leg, frame);
    const [restKnee, restAnkle] = pointsAt(leg, rep.frame);
    if (restKnee) {
      const onHold = film.onScale;
      film.onScale = null;
      film.look(around(restKnee, restAnkle, visit.film ?? { left: 0, top: 0, width: visit.width, height: visit.height }));
      film.onScale = onHold;
    }
    const after = visit.times[frame + 1] ?? visit.times[frame] + 0.02;
    film.seek((visit.times[frame] + after) / 2);
    film.clear();
    film.root.style.setProperty("--side", leg.colour);
    // At its end a repetition has the angle that counts, also where points were placed by hand.
    const placed = share === null && rep.hand ? rep.hand : null;
    const shown = placed ?? { knee, ankle };
    if (shown.knee) {
      film.line(shown.knee, hanging(shown, leg.zero_image[frame]), "vertical");
      film.line(shown.knee, shown.ankle, "shank");
    }
    this.angles[index].textContent = share === null ? `${rep.degrees.toFixed(1)}°${rep.mark} ${this.words.at_end}` : this.along(leg, rep, frame);
  }

  along(leg, rep, frame) {
    const reading = leg.reading[frame];
    return reading === null ? "–" : `${(rep.sign * reading).toFixed(1)}°${leg.mark}`;
  }

  play() {
    if (this.timer) return this.stop();
    const longest = Math.max(...this.data.visits.map((visit) => (visit.reps[this.key] ? visit.reps[this.key].end - visit.reps[this.key].start : 0)));
    const began = performance.now();
    this.playing.textContent = this.words.pause;
    const step = (now) => {
      const share = (now - began) / 1000 / Math.max(longest, 0.1);
      this.goTo(Math.min(1, share));
      if (share >= 1) return this.stop();
      this.timer = requestAnimationFrame(step);
    };
    this.timer = requestAnimationFrame(step);
  }

  stop() {
    cancelAnimationFrame(this.timer);
    this.timer = null;
    this.playing.textContent = this.words.play;
  }
}
