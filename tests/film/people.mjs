// Made-up looks at a seated person, for the tests of the coach.

import { lookOf } from "../../hipcv/web/film/coach/checks.js";
import { Pose } from "../../hipcv/web/film/coach/pose.js";

const WIDTH = 360;
const HEIGHT = 640;

// Everything of a person in pixels of a picture of 360 x 640; the swings in degrees, internal rotation positive.
export function landmarks({ right = 0, left = 0, x = 0, thigh = 20, apart = 30, tilt = 0, shank = 110, top = 120, visibility = 0.99 } = {}) {
  const points = Array.from({ length: 33 }, () => [180 + x, top - 40]);
  const put = (indices, at) => indices.forEach((index) => (points[index] = at));
  const centre = 180 + x;
  const radians = Math.PI / 180;
  const hips = top + 150;
  [["right", -1, right, [12, 24, 26, 28, 30, 32]], ["left", 1, left, [11, 23, 25, 27, 29, 31]]].forEach(([, side, swing, [shoulder, hip, knee, ankle, heel, toe]]) => {
    const up = -side * 40 * Math.tan(tilt * radians);
    put([shoulder], [centre + side * 45, top + up]);
    put([hip], [centre + side * 30, hips + up]);
    const kneeAt = [centre + side * apart, hips + thigh];
    put([knee], kneeAt);
    const ankleAt = [kneeAt[0] + side * shank * Math.sin(swing * radians), kneeAt[1] + shank * Math.cos(swing * radians)];
    put([ankle, heel], ankleAt);
    put([toe], [ankleAt[0], ankleAt[1] + 20]);
  });
  return points.map(([px, py]) => ({ x: px / WIDTH, y: py / HEIGHT, visibility }));
}

export function pose(options) {
  return new Pose(landmarks(options), WIDTH, HEIGHT);
}

export function look(facts, time, options = {}, { brightness = 120, others = [], nobody = false, ...more } = {}) {
  const poses = nobody ? [] : [pose(options), ...others.map(pose)];
  return lookOf({ poses, brightness, time, ...more }, facts);
}

// Looks at a swing of one leg: out, held, back, as many a second.
export function* swing(side, degrees, { from, heldMs = 1200, wayMs = 700, restMs = 600, everyMs = 110, ...options } = {}) {
  const course = (ms) => {
    if (ms < wayMs) return ms / wayMs;
    if (ms < wayMs + heldMs) return 1;
    return Math.max(0, 1 - (ms - wayMs - heldMs) / wayMs);
  };
  for (let ms = 0; ms < 2 * wayMs + heldMs + restMs; ms += everyMs) yield [from + ms, { [side]: degrees * course(ms), ...(course(ms) > 0.9 ? options : {}) }];
}
