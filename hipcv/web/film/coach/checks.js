// What has to be right before the test begins, one instruction at a time. What is seen is the median of the last second, as one look may err.

import { SIDES } from "./pose.js";
import { countPeople, rollDeg, thighsDeg, yawDeg } from "./view.js";

const WINDOW_MS = 1000;
const LEAST_LOOKS = 4;


// In the order in which they are asked for: each needs those before it. Every one gives the key of what is wrong, or "".
export const CHECKS = [
  ["person", (look) => (look.poses.length ? "" : look.brightness < look.facts.dark_level ? "dark" : "nobody")],
  ["alone", (look) => (countPeople(look.poses, look.facts) > 1 ? "several" : "")],
  ["upright", (look) => (Math.abs(look.pose.trunkLeanDeg) > look.facts.most_trunk_lean_deg ? "lying" : "")],
  ["body", (look) => (look.pose.faceInView(look.facts.min_visibility) > 0.75 ? "" : "head")],
  ["feet", (look) => (look.pose.legsInView(look.facts.min_visibility) > 0.75 ? "" : "feet")],
  ["seated", (look) => (look.pose.thighPerShank < look.facts.standing_thigh_per_shank ? "" : "standing")],
  ["near", (look) => (look.shankPx < look.facts.min_shank_px ? "far" : "")],
  ["level", levelSeen],
  ["front", frontSeen],
  ["height", heightSeen],
  ["knees", (look) => (outwardDeg(look) > look.facts.thigh_aside_warn_deg ? "apart" : "")],
  ["light", (look) => (look.brightness < look.facts.dark_level ? "dark" : "")],
];

function levelSeen(look) {
  const roll = look.sensorRollDeg ?? rollDeg(look.pose, look.facts);
  if (Math.abs(roll) < look.facts.roll_warn_deg) return "";
  const cameraTurns = roll < 0 ? "left" : "right"; // which way it has to be turned, seen from behind it
  if (look.facing !== "user") return cameraTurns;
  return cameraTurns === "left" ? "right" : "left"; // whoever looks at the screen sees that the other way round
}

function frontSeen(look) {
  const yaw = yawDeg(look.pose);
  if (Math.abs(yaw) < look.facts.yaw_warn_deg) return "";
  return yaw > 0 ? "from_left" : "from_right";
}

function heightSeen(look) {
  const thighs = thighsDeg(look.pose, look.facts);
  const down = (thighs.right.down + thighs.left.down) / 2;
  if (Math.abs(down) < look.facts.thigh_aside_warn_deg) return "";
  return down > 0 ? "high" : "low";
}

function outwardDeg(look) {
  const thighs = thighsDeg(look.pose, look.facts);
  return Math.max(...SIDES.map((side) => thighs[side].outward));
}

// One look as the checks want it. `poses` of everybody; the largest is the person.
export function lookOf({ poses, brightness, time, facing = "user", sensorRollDeg = null }, facts) {
  const pose = [...poses].sort((a, b) => b.trunkPx - a.trunkPx)[0] ?? null;
  const longSide = pose ? Math.max(pose.width, pose.height) : 1;
  const shankPx = pose ? pose.shankPx * (facts.long_side_px / longSide) : 0;
  return { poses, pose, shankPx, brightness, time, facing, sensorRollDeg, facts };
}

export class SetUp {
  constructor() {
    this.seen = [];
    this.greenSince = null;
  }

  // Takes a look; returns { wrong, fine, green }: the first check that is not right with what is seen, those that are, and since when all are (ms).
  take(look) {
    this.seen.push({ time: look.time, verdicts: verdictsOf(look) });
    this.seen = this.seen.filter((one) => one.time > look.time - WINDOW_MS);
    const verdicts = this.seen.length < LEAST_LOOKS ? null : mostOf(this.seen.map((one) => one.verdicts));
    const wrong = verdicts?.find((one) => one.seen) ?? null;
    if (!verdicts || wrong) this.greenSince = null;
    else this.greenSince ??= look.time;
    const fine = verdicts ? verdicts.filter((one) => one.seen === "").map((one) => one.name) : [];
    return { wrong, fine, greenMs: this.greenSince === null ? 0 : look.time - this.greenSince };
  }
}

// Of each check what was seen; null for those that cannot be told before an earlier one is right.
function verdictsOf(look) {
  let blocked = false;
  return CHECKS.map(([name, see]) => {
    if (blocked) return { name, seen: null };
    const seen = see(look);
    if (seen && !look.pose) blocked = true;
    if (seen && ["upright", "seated", "body", "feet"].includes(name)) blocked = true;
    return { name, seen };
  });
}

// What most looks of the window say of each check.
function mostOf(looks) {
  return CHECKS.map(([name], index) => {
    const counts = new Map();
    for (const verdicts of looks) counts.set(verdicts[index].seen, (counts.get(verdicts[index].seen) ?? 0) + 1);
    const [seen] = [...counts].sort((a, b) => b[1] - a[1])[0];
    return { name, seen };
  });
}

