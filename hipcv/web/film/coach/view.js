// How the camera sees a seated person, by the formulas of the measurement (hipcv/kinematics/camera_roll.py and camera_view.py).

import { SIDES, fromDownDeg, lateral, minus, size } from "./pose.js";

const toDegrees = 180 / Math.PI;

// Roll of the camera, positive when the scene appears rotated clockwise: mean of shoulders, hips and hanging shanks, each by its precision.
export function rollDeg(pose, facts) {
  const shanks = SIDES.map((side) => lateral[side] * pose.swingDeg(side));
  const askew = Math.abs(shanks[0] - shanks[1]) / 2;
  const seen = [
    [-pose.tiltDeg("shoulder"), facts.shoulders_sd_deg],
    [-pose.tiltDeg("hip"), facts.hips_sd_deg],
    [-(shanks[0] + shanks[1]) / 2, Math.hypot(facts.shanks_sd_deg, askew)],
  ];
  const weights = seen.map(([, sd]) => sd ** -2);
  return seen.reduce((sum, [roll], index) => sum + roll * weights[index], 0) / weights.reduce((a, b) => a + b);
}

// Angle of the camera toward the person's left, from the sideways offset of the knees from the hips.
export function yawDeg(pose) {
  const knees = pose.both("knee");
  const down = minus(pose.both("ankle"), knees);
  const lean = fromDownDeg(down) / toDegrees;
  const [dx, dy] = minus(knees, pose.both("hip"));
  const offset = dx * Math.cos(lean) - dy * Math.sin(lean);
  return -Math.asin(Math.max(-1, Math.min(1, offset / Math.max(size(down), 1e-9)))) * toDegrees;
}

// Where each thigh points, seen from the line of sight to its knee: how far outward, and how far down, in degrees.
export function thighsDeg(pose, facts) {
  const focal = facts.focal_per_long_side * Math.max(pose.width, pose.height);
  const centre = [pose.width / 2, pose.height / 2];
  const found = {};
  for (const side of SIDES) {
    const shankPx = Math.max(size(pose.shank(side)), 1e-9);
    const depth = focal / shankPx;
    const [hipX, hipY] = pose.at("hip", side);
    const joint = minus([hipX, hipY + facts.hip_above * shankPx], centre);
    const knee = minus(pose.at("knee", side), centre);
    const thigh = [0, 1].map((axis) => (knee[axis] * depth - joint[axis] * (depth + facts.thigh)) / focal / facts.thigh);
    const [outward, down] = [thigh[0] + knee[0] / focal, thigh[1] + knee[1] / focal].map((share) => Math.asin(Math.max(-1, Math.min(1, share))) * toDegrees);
    found[side] = { outward: lateral[side] * outward, down };
  }
  return found;
}

// Number of people, as hipcv/capture/people.py counts those of one look: small figures and a second finding of the same person do not count.
export function countPeople(poses, facts) {
  const figures = [];
  const bySize = [...poses].sort((a, b) => b.trunkPx - a.trunkPx);
  for (const pose of bySize) {
    if (figures.length && pose.trunkPx < facts.min_size * figures[0].trunkPx) break;
    const known = figures.some((one) => size(minus(one.centre, pose.centre)) < facts.same_person * one.trunkPx);
    if (!known) figures.push(pose);
  }
  return figures.length;
}

