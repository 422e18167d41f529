// Roll of the phone from its own sensors, where the browser gives them: positive when the scene appears rotated clockwise, as in coach/view.js.

export class Level {
  constructor() {
    this.turnedDeg = null;
  }

  // Asks for the sensors; some browsers do that only right after a tap.
  async start() {
    const { DeviceMotionEvent } = globalThis;
    if (!DeviceMotionEvent) return;
    try {
      if (DeviceMotionEvent.requestPermission && (await DeviceMotionEvent.requestPermission()) !== "granted") return;
    } catch {
      return;
    }
    addEventListener("devicemotion", (event) => this.take(event.accelerationIncludingGravity));
  }

  take(gravity) {
    if (!gravity || gravity.x === null || Math.hypot(gravity.x, gravity.y) < 4) return; // lying flat, it tells nothing of roll
    const sign = Math.sign(gravity.y) || 1; // some phones give the opposite of the others
    const turned = (screen.orientation?.angle ?? 0) * (Math.PI / 180);
    const x = sign * (gravity.x * Math.cos(turned) + gravity.y * Math.sin(turned));
    const y = sign * (gravity.y * Math.cos(turned) - gravity.x * Math.sin(turned));
    const now = Math.atan2(x, y) * (180 / Math.PI);
    this.turnedDeg = this.turnedDeg === null ? now : 0.8 * this.turnedDeg + 0.2 * now;
  }

  // The camera behind the screen sees the room turn the other way than the one in front.
  rollDeg(facing) {
    return this.turnedDeg === null ? null : (facing === "user" ? -1 : 1) * this.turnedDeg;
  }
}
