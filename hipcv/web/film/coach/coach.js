// What happens from the first look to the end: set-up, countdown, movements, pauses. It measures nothing; it says what comes next.
//
// take(look) is called for every look; what it gives is shown and said by the page: { phase, say, check, fine, ring, next, counts, events }.

import { SetUp } from "./checks.js";
import { Swings } from "./swings.js";

const GREEN_MS = 2000;
const COUNT_FROM = 3;
const AGAIN_MS = 9000;
const AWAY_MS = 3000;
const GONE_MS = 20000;
const LONGEST_MS = 240000;

export class Coach {
  constructor(facts, test) {
    this.facts = facts;
    this.test = test;
    this.reset();
  }

  reset() {
    this.phase = "setup";
    this.setUp = new SetUp();
    this.swings = new Swings(this.facts);
    this.counts = Object.fromEntries(this.test.legs.map((leg) => [leg, Object.fromEntries(this.test.movements.map((one) => [one.direction, 0]))]));
    this.seen = [];
    this.leg = this.test.legs[0];
    this.countdownEnds = null;
    this.awaySince = null;
    this.beganMs = null;
    this.outMs = 0; // how long it was paused, which is not in the recording
    this.askedMs = 0;
  }

  take(look) {
    const events = [];
    if (this.phase === "setup") return this.inSetUp(look);
    if (this.phase === "paused") return this.whilePaused(look);
    if (this.phase === "done") return this.state({});
    if (this.isAway(look)) return this.pause("away", look.time);
    if (look.pose) events.push(...this.swings.take(look).map((swing) => this.count(swing)));
    if (this.phase === "countdown") return this.inCountdown(look, events);
    return this.inTest(look, events);
  }

  // ------------------------------------------------------------------ before
  inSetUp(look) {
    const { wrong, fine, greenMs } = this.setUp.take(look);
    if (look.pose) this.swings.watch(look);
    if (greenMs < GREEN_MS) {
      const say = wrong ? `check.${wrong.name}.${wrong.seen}` : greenMs ? "stay" : "looking";
      return this.state({ say, check: wrong?.name ?? null, fine, ring: greenMs / GREEN_MS });
    }
    this.phase = "countdown";
    this.beganMs = look.time;
    this.countdownEnds = look.time + 1000 * COUNT_FROM;
    return this.state({ say: `count.${COUNT_FROM}`, fine, events: [{ kind: "begin" }] });
  }

  inCountdown(look, events) {
    const left = Math.ceil((this.countdownEnds - look.time) / 1000);
    if (left > 0) return this.state({ say: `count.${left}`, events });
    this.phase = "test";
    this.askedMs = look.time;
    return this.state({ ...this.prompt(), events });
  }

  // ------------------------------------------------------------------ the movements
  inTest(look, events) {
    const last = events[events.length - 1];
    if (this.isComplete) return this.end("complete", events);
    if (look.time - this.beganMs > LONGEST_MS) return this.end("long", events);
    if (last) {
      this.askedMs = look.time;
      return this.state({ ...this.prompt(), say: last.against ? `again_for.${last.against}` : this.prompt().say, events });
    }
    const current = this.swings.current;
    const share = current ? Math.min(1, current.heldS(this.facts) / this.test.hold_s) : 0;
    if (current && share > 0) return this.state({ say: share < 1 ? "hold" : "back", ring: share, next: this.next, events });
    const late = look.time - this.askedMs > AGAIN_MS;
    if (late) this.askedMs = look.time;
    return this.state({ ...this.prompt(), events, repeat: late });
  }

  count(swing) {
    const known = this.counts[swing.side];
    if (!swing.against && known && swing.direction in known) known[swing.direction] += 1;
    if (known && !this.isLegComplete(swing.side)) this.leg = swing.side;
    else this.leg = this.test.legs.find((leg) => !this.isLegComplete(leg)) ?? this.leg;
    this.seen.push(this.movement(swing));
    return { kind: "swing", against: swing.against };
  }

  // A swing in seconds of the recording.
  movement({ side, direction, startMs, endMs, holdMs, against }) {
    const at = (ms) => Math.round(ms - this.beganMs - this.outMs) / 1000;
    return { side, direction, start_s: at(startMs), end_s: at(endMs), hold_s: holdMs?.map(at) ?? null, against };
  }

  get hasCounted() {
    return this.seen.some((movement) => !movement.against);
  }

  isLegComplete(leg) {
    return Object.values(this.counts[leg]).every((n) => n >= this.test.repetitions);
  }

  get isComplete() {
    return this.test.legs.every((leg) => this.isLegComplete(leg)) && !this.swings.current;
  }

  // The movement to ask for: of the leg that is being tested the one done less often, in the order of the list.
  get next() {
    const left = this.test.movements.filter((one) => this.counts[this.leg][one.direction] < this.test.repetitions);
    const fewest = Math.min(...left.map((one) => this.counts[this.leg][one.direction]));
    const movement = left.find((one) => this.counts[this.leg][one.direction] === fewest);
    return movement ? { leg: this.leg, direction: movement.direction, number: fewest + 1 } : null;
  }

  prompt() {
    const next = this.next;
    return { say: next ? `move.${next.leg}.${next.direction}` : "still", next };
  }

  // ------------------------------------------------------------------ pauses and ends
  isAway(look) {
    if (look.pose) this.awaySince = null;
    else this.awaySince ??= look.time;
    return this.awaySince !== null && look.time - this.awaySince > AWAY_MS;
  }

  pause(why, time) {
    this.resumeTo = this.phase;
    this.phase = "paused";
    this.why = why;
    this.pausedMs = time;
    return this.state({ say: `paused.${why}`, events: [{ kind: "pause" }] });
  }

  // Who walked out of the picture goes on by coming back; who stays away has ended the test.
  whilePaused(look) {
    if (this.why === "away" && look.pose) return this.resume(look.time);
    if (this.why === "away" && look.time - this.pausedMs > GONE_MS) return this.end("left", []);
    return this.state({ say: `paused.${this.why}` });
  }

  resume(time) {
    this.phase = this.resumeTo;
    this.awaySince = null;
    this.askedMs = time;
    this.outMs += time - this.pausedMs;
    this.countdownEnds += time - this.pausedMs;
    return this.state({ ...this.prompt(), events: [{ kind: "resume" }] });
  }

  end(why, events = []) {
    this.phase = "done";
    this.why = why;
    return this.state({ say: `done.${why}`, events: [...events, { kind: "end", why }] });
  }

  state(parts) {
    return { phase: this.phase, say: "", check: null, fine: [], ring: 0, next: null, counts: this.counts, events: [], repeat: false, ...parts };
  }
}
