import assert from "node:assert/strict";
import { test } from "node:test";

import { Coach } from "../../hipcv/web/film/coach/coach.js";
import { facts, seated } from "./facts.mjs";
import { look, swing } from "./people.mjs";

const NOBODY = { nobody: true };

// A coach who has counted down, with the time that it is then.
function begun(posture = () => ({})) {
  const coach = new Coach(facts, seated);
  let time = 0;
  for (; coach.phase !== "test"; time += 110) coach.take(look(facts, time, posture(time)));
  return { coach, time };
}

// Swings one after the other; returns the states and the time after them.
function swings(coach, time, ...wanted) {
  const states = [];
  for (const [side, degrees, options = {}] of wanted) {
    for (const [at, posture] of swing(side, degrees, { from: time, ...options })) {
      states.push(coach.take(look(facts, at, posture)));
      time = at + 110;
    }
  }
  return { states, time };
}

const said = (states) => states.map((state) => state.say).filter((say, index, all) => say !== all[index - 1]);

test("it looks, waits for two seconds, counts down and asks for the first movement", () => {
  const coach = new Coach(facts, seated);
  const states = [];
  for (let time = 0; time < 8000; time += 110) states.push(coach.take(look(facts, time)));
  assert.deepEqual(said(states), ["looking", "stay", "count.3", "count.2", "count.1", "move.right.internal"]);
  assert.deepEqual(states.flatMap((state) => state.events.map((event) => event.kind)), ["begin"]);
});

test("three of each direction of each leg, in the order asked for, and it stops by itself", () => {
  const { coach, time } = begun();
  const leg = (side) => [0, 1, 2].flatMap(() => [[side, 30], [side, -30]]);
  const { states } = swings(coach, time, ...leg("right"), ...leg("left"));
  assert.deepEqual(coach.counts, { right: { internal: 3, external: 3 }, left: { internal: 3, external: 3 } });
  assert.equal(coach.phase, "done");
  assert.equal(coach.why, "complete");
  assert.ok(said(states).includes("hold"));
  assert.ok(said(states).includes("back"));
});

test("any order does, and a long pause between two movements", () => {
  const { coach, time } = begun();
  const first = swings(coach, time, ["left", -28], ["left", -28], ["left", -28], ["right", 25]);
  for (let at = first.time; at < first.time + 15000; at += 110) coach.take(look(facts, at));
  swings(coach, first.time + 15000, ["right", 25]);
  assert.deepEqual(coach.counts, { right: { internal: 2, external: 0 }, left: { internal: 0, external: 3 } });
  assert.deepEqual(coach.next, { leg: "right", direction: "external", number: 1 });
});

test("what was not held is asked for again", () => {
  const { coach, time } = begun();
  const { states } = swings(coach, time, ["right", 30, { heldMs: 0, wayMs: 350 }]);
  assert.equal(coach.counts.right.internal, 0);
  assert.ok(said(states).includes("again_for.no_hold"));
});

test("what was done with the trunk is asked for again", () => {
  const { coach, time } = begun();
  const { states } = swings(coach, time, ["right", 30, { tilt: 20 }]);
  assert.equal(coach.counts.right.internal, 0);
  assert.ok(said(states).includes("again_for.pelvis"));
});

test("a leg that hangs askew, and small movements, are nothing", () => {
  const posture = (at) => ({ right: 7 + Math.sin(at / 300), left: -4 });
  const { coach, time } = begun(posture);
  for (let at = time; at < time + 12000; at += 110) coach.take(look(facts, at, posture(at)));
  assert.deepEqual(coach.seen, []);
});

test("a knee that is dragged along by the other leg is no movement of its own", () => {
  const { coach, time } = begun();
  for (const [at, posture] of swing("right", 36, { from: time })) coach.take(look(facts, at, { ...posture, left: posture.right * -0.3 }));
  assert.deepEqual(coach.counts, { right: { internal: 1, external: 0 }, left: { internal: 0, external: 0 } });
});

test("who walks out pauses it, who comes back goes on, and who stays away has ended it", () => {
  const { coach, time } = begun();
  let at = time;
  for (; coach.phase === "test" && at < time + 10000; at += 110) coach.take(look(facts, at, {}, NOBODY));
  assert.equal(coach.phase, "paused");
  coach.take(look(facts, at));
  assert.equal(coach.phase, "test");
  for (const end = at + 60000; coach.phase !== "done" && at < end; at += 110) coach.take(look(facts, at, {}, NOBODY));
  assert.equal(coach.why, "left");
});

test("a pause that was asked for ends only when that is asked for", () => {
  const { coach, time } = begun();
  coach.pause("asked", time);
  for (let at = time; at < time + 5000; at += 110) assert.equal(coach.take(look(facts, at)).say, "paused.asked");
  coach.resume(time + 5000);
  swings(coach, time + 5000, ["right", 30]);
  assert.equal(coach.counts.right.internal, 1);
  const [movement] = coach.seen;
  const startedS = (time + 5000 - coach.beganMs) / 1000;
  assert.ok(movement.start_s > startedS - 5 && movement.start_s < startedS - 4, "the recording stood still for five seconds");
});

test("it asks again when nothing happens, and ends after the longest time", () => {
  const { coach, time } = begun();
  let repeats = 0;
  for (let at = time; at < time + 300000 && coach.phase === "test"; at += 200) repeats += coach.take(look(facts, at)).repeat ? 1 : 0;
  assert.ok(repeats > 10);
  assert.equal(coach.why, "long");
});

test("starting over forgets everything", () => {
  const { coach, time } = begun();
  swings(coach, time, ["right", 30]);
  coach.reset();
  assert.equal(coach.phase, "setup");
  assert.equal(coach.counts.right.internal, 0);
});
