// The pose of one look, and what can be read off it. Points are [x, y] in pixels of the image as filmed; sides are the person's own.

export const SIDES = ["right", "left"];
const POINTS = { shoulder: [12, 11], hip: [24, 23], knee: [26, 25], ankle: [28, 27], heel: [30, 29], toe: [32, 31] };
const FACE = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const toDegrees = 180 / Math.PI;

// In the image of a person who faces the camera, their left is at the right.
export const lateral = { right: -1, left: 1 };

export const add = (a, b) => [a[0] + b[0], a[1] + b[1]];
export const minus = (a, b) => [a[0] - b[0], a[1] - b[1]];
export const times = (a, factor) => [a[0] * factor, a[1] * factor];
export const size = (a) => Math.hypot(a[0], a[1]);
export const middle = (a, b) => times(add(a, b), 0.5);

// Angle of an arrow from straight down in the image, toward image right, in degrees.
export const fromDownDeg = ([x, y]) => Math.atan2(x, y) * toDegrees;

export class Pose {
  // landmarks: 33 of { x, y, visibility } with x and y as shares of the image, as MediaPipe gives them
  constructor(landmarks, width, height) {
    this.width = width;
    this.height = height;
    this.points = landmarks.map((one) => [one.x * width, one.y * height]);
    this.visibility = landmarks.map((one) => one.visibility ?? 1);
  }

  at(part, side) {
    return this.points[POINTS[part][SIDES.indexOf(side)]];
  }

  both(part) {
    return middle(this.at(part, "right"), this.at(part, "left"));
  }

  shank(side) {
    return minus(this.at("ankle", side), this.at("knee", side));
  }

  get shankPx() {
    return (size(this.shank("right")) + size(this.shank("left"))) / 2;
  }

  get trunk() {
    return minus(this.both("hip"), this.both("shoulder"));
  }

  get trunkPx() {
    return size(this.trunk);
  }

  get centre() {
    return middle(this.both("hip"), this.both("shoulder"));
  }

  // Swing of a shank from straight down, internal rotation (the foot outward) positive.
  swingDeg(side) {
    return lateral[side] * fromDownDeg(this.shank(side));
  }

  // Rise of the person's left above the right end of a line across the body, in degrees.
  tiltDeg(part) {
    const [dx, dy] = minus(this.at(part, "left"), this.at(part, "right"));
    return Math.atan2(-dy, Math.abs(dx)) * toDegrees;
  }

  get trunkLeanDeg() {
    return fromDownDeg(this.trunk);
  }

  // Length of the thighs as seen, against the shanks: small in somebody who sits with the knees toward the camera.
  get thighPerShank() {
    const thighs = SIDES.map((side) => minus(this.at("knee", side), this.at("hip", side)));
    return size(add(thighs[0], thighs[1])) / Math.max(size(this.shank("right")) + size(this.shank("left")), 1e-9);
  }

  // Share of these points that lie well within the image and are not hidden.
  inView(points, leastVisibility) {
    const margin = 0.01 * this.height;
    const fine = points.filter((index) => {
      const [x, y] = this.points[index];
      const inside = x >= margin && x <= this.width - margin && y >= margin && y <= this.height - margin;
      return inside && this.visibility[index] >= leastVisibility;
    });
    return fine.length / points.length;
  }

  faceInView(leastVisibility) {
    return this.inView(FACE, leastVisibility);
  }

  legsInView(leastVisibility) {
    return this.inView([...POINTS.knee, ...POINTS.ankle, ...POINTS.toe], leastVisibility);
  }
}
