// The camera and the recording. Nothing is recorded before record() is called, and the camera is off as soon as off() is.

const KINDS = ["video/mp4;codecs=avc1.640028", "video/mp4;codecs=avc1.42E01F", "video/mp4", "video/webm;codecs=vp9", "video/webm;codecs=vp8", "video/webm"];
const BITS_PER_SECOND = 8_000_000;

// Why a camera did not open, as the key of a sentence.
export function refusal(problem) {
  if (!globalThis.isSecureContext) return "insecure";
  if (!navigator.mediaDevices?.getUserMedia) return "none";
  const known = { NotAllowedError: "refused", SecurityError: "refused", NotFoundError: "none", OverconstrainedError: "none", NotReadableError: "busy", AbortError: "busy" };
  return known[problem?.name] ?? "failed";
}

export class Camera {
  constructor(video) {
    this.video = video;
    this.stream = null;
    this.recorder = null;
    this.onLost = () => {};
  }

  async open(facing) {
    this.off();
    const wanted = { facingMode: facing, width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, resizeMode: { ideal: "none" } };
    this.stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    const [track] = this.stream.getVideoTracks();
    track.addEventListener("ended", () => this.stream && this.onLost());
    this.facing = track.getSettings().facingMode ?? facing;
    this.label = track.label;
    this.video.srcObject = this.stream;
    await this.video.play();
  }

  off() {
    const { stream } = this;
    this.stream = null;
    stream?.getTracks().forEach((track) => track.stop());
    this.video.srcObject = null;
  }

  record() {
    const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
    this.parts = [];
    this.recorder = new MediaRecorder(this.stream, { mimeType, videoBitsPerSecond: BITS_PER_SECOND });
    this.recorder.addEventListener("dataavailable", (event) => event.data.size && this.parts.push(event.data));
    this.recorder.start(1000); // a part a second, which the browser keeps on disk
  }

  get isRecording() {
    return this.recorder?.state === "recording" || this.recorder?.state === "paused";
  }

  pause() {
    if (this.recorder?.state === "recording") this.recorder.pause();
  }

  resume() {
    if (this.recorder?.state === "paused") this.recorder.resume();
  }

  // The recording as a file, once all of it has come.
  async finish() {
    const { recorder } = this;
    this.recorder = null;
    if (!recorder) return null;
    if (recorder.state !== "inactive") {
      const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve, { once: true }));
      recorder.stop();
      await stopped;
    }
    return this.parts.length ? new Blob(this.parts, { type: recorder.mimeType }) : null;
  }

  discard() {
    const { recorder } = this;
    this.recorder = null;
    this.parts = [];
    if (recorder && recorder.state !== "inactive") recorder.stop();
  }
}
