// Swings of one leg while they happen, by the rules of the measurement (hipcv/kinematics/swings.py), which measures them again afterwards.

import { SIDES } from "./pose.js";

const DIRECTIONS = { internal: 1, external: -1 };
const REST_MS = 8000;
const DRAGGED = 0.5;
// Over which a speed is told: at eight looks a second, the fewest that are promised, it holds two; and a hold of the second that is asked for,
// which loses as much at either end, is still longer than the measurement needs.
const SPEED_MS = 250;
const Z95 = 1.96;
const MAD_PER_SD = 0.6745; // of a normal distribution
const LOOKS_IN_STEADY = 3; // how many looks lie behind one steady angle, which therefore err together

class Leg {
  constructor(side) {
    this.side = side;
    this.samples = [];
    this.lately = [];
    this.resting = [];
    this.swing = null;
    this.back = null;
    this.usual = { internal: [], external: [] };
  }

  // Where the shank hangs: the median of what was slow and near the vertical lately, which a raised leg is not.
  get zero() {
    if (this.resting.length < 3) return 0;
    return medianOf(this.resting.map((one) => one.degrees));
  }

  // How far one steady angle errs, as this leg shows it while it rests: one standard deviation.
  get jitterDeg() {
    const { zero } = this;
    return this.resting.length < 3 ? 0 : medianOf(this.resting.map((one) => Math.abs(one.degrees - zero))) / MAD_PER_SD;
  }

  take(time, degrees, tiltDeg, jitterDeg, facts) {
    return this.follow({ ...this.watch(time, degrees, facts), tiltDeg, jitterDeg }, facts);
  }

  // Learns how the leg hangs; returns where it is now, from there.
  watch(time, degrees, facts) {
    this.samples = [...this.samples.slice(-2), { time, degrees }];
    const steady = medianOf(this.samples.map((one) => one.degrees));
    this.lately = [...this.lately.filter((one) => one.time >= time - SPEED_MS), { time, steady }];
    const [first] = this.lately;
    const speed = time > first.time ? (1000 * (steady - first.steady)) / (time - first.time) : 0;
    if (Math.abs(steady) < facts.rest_limit_deg && Math.abs(speed) < facts.rest_speed_deg_s) this.resting.push({ time, degrees: steady });
    this.resting = this.resting.filter((one) => one.time > time - REST_MS);
    return { time, degrees: steady - this.zero };
  }

  // The swing that has just ended, or null.
  follow(now, facts) {
    if (!this.swing) {
      if (this.begins(now, facts)) this.swing = new Swing(this.side, now.degrees > 0 ? "internal" : "external", now);
      return null;
    }
    if (!this.swing.take(now, facts)) return null;
    const swing = this.swing;
    this.swing = null;
    this.back = { sign: swing.sign, least: swing.sign * now.degrees };
    return swing;
  }

  // On its way back a leg is still out; it has to come near the rest, or turn outward again, before that is another swing.
  begins(now, facts) {
    if (this.back) {
      const value = this.back.sign * now.degrees;
      this.back.least = Math.min(this.back.least, value);
      if (value >= facts.min_excursion_deg && value < this.back.least + facts.hold_band_deg) return false;
      this.back = null;
    }
    return Math.abs(now.degrees) >= facts.min_excursion_deg;
  }
}

class Swing {
  constructor(side, direction, first) {
    this.side = side;
    this.direction = direction;
    this.jitterDeg = first.jitterDeg;
    this.sign = DIRECTIONS[direction];
    this.samples = [];
    this.peak = 0;
    this.add(first);
  }

  add(now) {
    const value = this.sign * now.degrees;
    this.samples.push({ ...now, value });
    this.peak = Math.max(this.peak, value);
    return value;
  }

  // Whether the leg has come back.
  take(now, facts) {
    return this.add(now) < (1 - facts.min_prominence) * this.peak;
  }

  // The longest stretch near the peak and slow, as [first, last] sample, or null: by the limits of the measurement, widened by how far
  // the angles jitter. What is let through, the measurement still judges; what is asked for again costs the person a movement.
  hold(facts) {
    let best = null;
    let first = null;
    const band = facts.hold_band_deg + Z95 * Math.SQRT2 * this.jitterDeg;
    this.samples.forEach((sample, index) => {
      const { speed, errs } = this.speedAt(index);
      const still = sample.value >= this.peak - band && Math.abs(speed) < facts.hold_speed_deg_s + Z95 * errs;
      if (!still) first = null;
      else {
        first ??= index;
        if (!best || sample.time - this.samples[first].time > this.samples[best[1]].time - this.samples[best[0]].time) best = [first, index];
      }
    });
    return best;
  }

  // Speed around a sample, between the means of what lies before and after it, and one standard deviation of it, in degrees per second.
  speedAt(index) {
    const { time } = this.samples[index];
    const mean = (chosen) => ({ time: chosen.reduce((sum, one) => sum + one.time, 0) / chosen.length, value: chosen.reduce((sum, one) => sum + one.value, 0) / chosen.length });
    const before = this.samples.filter((one) => one.time <= time && one.time >= time - SPEED_MS);
    const after = this.samples.filter((one) => one.time >= time && one.time <= time + SPEED_MS);
    const [from, to] = [mean(before), mean(after)];
    const seconds = (to.time - from.time) / 1000;
    if (seconds <= 0) return { speed: 0, errs: 0 };
    const apart = [before, after].map((one) => Math.max(1, one.length / LOOKS_IN_STEADY));
    return { speed: (to.value - from.value) / seconds, errs: (this.jitterDeg * Math.hypot(...apart.map((n) => n ** -0.5))) / seconds };
  }

  // Every look stands for the time up to the next one, so a hold lasts one look longer than from its first to its last.
  heldS(facts) {
    const hold = this.hold(facts);
    if (!hold) return 0;
    const each = (this.endMs - this.startMs) / Math.max(1, this.samples.length - 1);
    return (this.samples[hold[1]].time - this.samples[hold[0]].time + each) / 1000;
  }

  // How far pelvis or trunk moved in the hold, in degrees.
  tiltDeg(facts) {
    const [first, last] = this.hold(facts) ?? [0, this.samples.length - 1];
    return medianOf(this.samples.slice(first, last + 1).map((one) => one.tiltDeg));
  }

  get startMs() {
    return this.samples[0].time;
  }

  get endMs() {
    return this.samples[this.samples.length - 1].time;
  }
}

export class Swings {
  constructor(facts) {
    this.facts = facts;
    this.legs = Object.fromEntries(SIDES.map((side) => [side, new Leg(side)]));
    this.tilts = [];
  }

  // Before the test: only how legs and body are at rest.
  watch(look) {
    this.tiltSinceRest(look);
    for (const side of SIDES) this.legs[side].watch(look.time, look.pose.swingDeg(side), this.facts);
  }

  // Takes a look; returns the swings that have just ended and are ones, each with what speaks against it ("" if it counts).
  take(look) {
    const tiltDeg = this.tiltSinceRest(look);
    const jitterDeg = Math.max(...SIDES.map((side) => this.legs[side].jitterDeg)); // a leg that jitters less by chance will not in its swing
    const ended = SIDES.map((side) => this.legs[side].take(look.time, look.pose.swingDeg(side), tiltDeg, jitterDeg, this.facts));
    return ended.filter((swing) => swing && this.isOne(swing)).map((swing) => this.judged(swing));
  }

  // The swing that is under way and reaches farther, or null.
  get current() {
    const under = SIDES.map((side) => this.legs[side].swing).filter(Boolean);
    return under.sort((a, b) => b.peak - a.peak)[0] ?? null;
  }

  // A leg that swings far less than the other at the same time was dragged along; far less than it usually does, is its rest.
  isOne(swing) {
    const usual = this.legs[swing.side].usual[swing.direction];
    const other = this.legs[SIDES.find((side) => side !== swing.side)];
    const beside = Math.max(other.swing?.peak ?? 0, other.last && other.last.endMs > swing.startMs ? other.last.peak : 0);
    this.legs[swing.side].last = swing;
    if (beside && swing.peak < DRAGGED * beside) return false;
    if (usual.length && swing.peak < this.facts.min_relative_excursion * medianOf(usual)) return false;
    usual.push(swing.peak);
    return true;
  }

  judged(swing) {
    const heldS = swing.heldS(this.facts);
    const tiltDeg = swing.tiltDeg(this.facts);
    const against = heldS < this.facts.min_hold_s ? "no_hold" : tiltDeg > this.facts.compensation_reject_deg ? "pelvis" : "";
    const hold = swing.hold(this.facts);
    const span = hold && hold.map((index) => swing.samples[index].time);
    return { side: swing.side, direction: swing.direction, startMs: swing.startMs, endMs: swing.endMs, holdMs: span, heldS, against };
  }

  // The larger of the changes in pelvis tilt and trunk lean since both legs rested, as in hipcv/kinematics/repetitions.py.
  tiltSinceRest(look) {
    const now = [look.pose.tiltDeg("hip"), look.pose.trunkLeanDeg];
    if (!this.current) this.tilts = [...this.tilts.slice(-30), now];
    if (this.tilts.length < 3) return 0;
    const changes = now.map((value, index) => Math.abs(value - medianOf(this.tilts.map((one) => one[index]))));
    return Math.max(...changes);
  }
}

function medianOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
