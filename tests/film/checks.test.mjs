import assert from "node:assert/strict";
import { test } from "node:test";

import { CHECKS, SetUp } from "../../hipcv/web/film/coach/checks.js";
import { rollDeg, yawDeg } from "../../hipcv/web/film/coach/view.js";
import { facts } from "./facts.mjs";
import { look, pose } from "./people.mjs";

// What is wrong after a second of such looks, as name.seen; "" if nothing is.
function wrong(options, more) {
  const setUp = new SetUp();
  let found = null;
  for (let time = 0; time <= 1200; time += 100) found = setUp.take(look(facts, time, options, more));
  return found.wrong ? `${found.wrong.name}.${found.wrong.seen}` : "";
}

const cases = [
  ["somebody seated as it should be", {}, {}, ""],
  ["an empty room", {}, { nobody: true }, "person.nobody"],
  ["a dark room", {}, { nobody: true, brightness: 20 }, "person.dark"],
  ["somebody in the dark", {}, { brightness: 20 }, "light.dark"],
  ["two people", {}, { others: [{ x: 120 }] }, "alone.several"],
  ["standing", { thigh: 120 }, {}, "seated.standing"],
  ["feet out of the picture", { top: 340 }, {}, "feet.feet"],
  ["head out of the picture", { top: 30 }, {}, "body.head"],
  ["far away", { shank: 50, thigh: 9, apart: 14 }, {}, "near.far"],
  ["knees wide apart", { apart: 90 }, {}, "knees.apart"],
  ["a phone that leans, by its own sensors", {}, { sensorRollDeg: 8 }, "level.left"],
  ["the same with the camera on its back", {}, { sensorRollDeg: 8, facing: "environment" }, "level.right"],
];

for (const [name, options, more, expected] of cases) {
  test(name, () => assert.equal(wrong(options, more), expected));
}

test("all checks are fine for two seconds before it begins, and one bad look does not matter", () => {
  const setUp = new SetUp();
  let found = null;
  for (let time = 0; time <= 4000; time += 100) found = setUp.take(look(facts, time, time === 2000 ? { thigh: 120 } : {}));
  assert.ok(found.greenMs >= 2000);
  assert.equal(found.fine.length, CHECKS.length);
});

test("what becomes wrong stops it", () => {
  const setUp = new SetUp();
  let found = null;
  for (let time = 0; time <= 3000; time += 100) found = setUp.take(look(facts, time, time > 1500 ? { thigh: 120 } : {}));
  assert.equal(found.greenMs, 0);
  assert.equal(found.wrong.seen, "standing");
});

test("a tilted line of hips and shoulders is a leaning phone, and a swinging leg is not", () => {
  assert.ok(Math.abs(rollDeg(pose({ tilt: 8 }), facts)) > facts.roll_warn_deg);
  assert.ok(Math.abs(rollDeg(pose({ right: 35 }), facts)) < facts.roll_warn_deg);
});

test("a person seen from aside has the knees beside the hips", () => {
  assert.ok(Math.abs(yawDeg(pose())) < 1);
});
