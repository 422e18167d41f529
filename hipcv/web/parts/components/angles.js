// The angle of a line between two points of the image, as hipcv/review/hand_points.py computes it.

const toDegrees = 180 / Math.PI;

// Angle of a line from straight down, toward image right, in degrees; points are [x, y] in pixels of the image as filmed.
function fromDownDeg(knee, ankle) {
  return Math.atan2(ankle[0] - knee[0], ankle[1] - knee[1]) * toDegrees;
}

function turnedDeg(from, to) {
  return ((((to - from + 180) % 360) + 360) % 360) - 180;
}

// The reading in the direction of the repetition: the reported angle of the frame plus the turn of the line against the one that was measured.
function readingDeg(leg, frame, sign, knee, ankle) {
  const outward = leg.outward[frame];
  const measured = leg.reading[frame];
  const [oldKnee, oldAnkle] = pointsAt(leg, frame);
  if (measured === null || !oldKnee) return sign * (outward * fromDownDeg(knee, ankle) - leg.zero);
  return sign * (measured + outward * turnedDeg(fromDownDeg(oldKnee, oldAnkle), fromDownDeg(knee, ankle)));
}

function pointsAt(leg, frame) {
  const knee = leg.knee[frame];
  const ankle = leg.ankle[frame];
  return knee && ankle ? [knee, ankle] : [null, null];
}

// Number of the frame that is shown at a time.
function frameAt(times, time) {
  let low = 0;
  let high = times.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (times[middle] <= time + 1e-4) low = middle;
    else high = middle - 1;
  }
  return low < times.length - 1 && times[low + 1] - time < time - times[low] ? low + 1 : low;
}

// The end of a line from the knee along the zero, a little longer than the shank; the zero in degrees from straight down, toward image right.
function hanging({ knee, ankle }, zeroDeg) {
  const length = 1.15 * Math.hypot(ankle[0] - knee[0], ankle[1] - knee[1]);
  const zero = (zeroDeg ?? 0) / toDegrees;
  return [knee[0] + length * Math.sin(zero), knee[1] + length * Math.cos(zero)];
}

// The part of the image around one leg, within what is known of it.
function around(knee, ankle, whole) {
  const side = Math.min(2.2 * Math.hypot(ankle[0] - knee[0], ankle[1] - knee[1]), whole.width, whole.height);
  const within = (centre, low, size) => Math.min(Math.max(centre - side / 2, low), low + size - side);
  const left = within((knee[0] + ankle[0]) / 2, whole.left, whole.width);
  return { left, top: within((knee[1] + ankle[1]) / 2, whole.top, whole.height), width: side, height: side };
}
