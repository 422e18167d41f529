// "Film now": the camera, the worker that looks, the coach, the recording, and sending it. The coach decides (coach/), this joins the parts.

import { Camera, refusal } from "./camera.js";
import { lookOf } from "./coach/checks.js";
import { Coach } from "./coach/coach.js";
import { Pose, SIDES } from "./coach/pose.js";
import { Level } from "./level.js";
import { Screen } from "./screen.js";
import { send } from "./upload.js";
import { Voice } from "./voice.js";

const LOOK_PX = 640;
const STILL_MS = 1200;
const MOST_FAILED_LOOKS = 10;
const element = (id) => document.getElementById(id);

class Film {
  constructor(page) {
    this.page = page;
    this.screen = new Screen(page.words, page.test);
    this.voice = new Voice(page.language);
    this.camera = new Camera(element("video"));
    this.level = new Level();
    this.coach = new Coach(page.facts, page.test);
    this.camera.onLost = () => this.lost();
    this.looks = { n: 0, since: 0, failed: 0 };
  }

  start() {
    document.documentElement.lang = this.page.language;
    this.screen.label();
    this.screen.muted(this.voice.muted);
    element("leave").href = this.page.home;
    element("choose").href = this.page.home;
    const pressed = { begin: () => this.begin(), mute: () => this.mute(), pause: () => this.pauseOrGoOn(), again: () => this.again(), end: () => this.endNow(), "film-again": () => this.again(), retry: () => this.deliver() };
    for (const [id, act] of Object.entries(pressed)) element(id).addEventListener("click", act);
    document.addEventListener("keydown", (event) => this.onKey(event));
    document.addEventListener("visibilitychange", () => (document.hidden ? this.hidden() : this.lookNow()));
    addEventListener("beforeunload", (event) => (this.camera.isRecording || this.unsent) && event.preventDefault());
    addEventListener("pagehide", () => this.camera.off());
    this.screen.show("start");
    this.eyes = this.wake();
  }

  // The worker loads its network while the person reads.
  wake() {
    const worker = new Worker("eyes.js");
    return new Promise((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }) => {
        if (data.kind === "ready") {
          document.documentElement.dataset.ready = "yes";
          resolve(worker);
        } else if (data.what === "load") reject(new Error(data.reason));
        else this.onLook(data);
      };
      worker.postMessage({ kind: "load", ...this.page.network });
    });
  }

  // ------------------------------------------------------------------ the camera
  async begin() {
    element("begin").disabled = true;
    this.level.start();
    try {
      const facing = document.querySelector("input[name=camera]:checked").value;
      const [worker] = await Promise.all([this.eyes, this.camera.open(facing)]);
      this.worker = worker;
    } catch (problem) {
      console.warn(problem);
      this.camera.off();
      return this.stop(refusal(problem));
    } finally {
      element("begin").disabled = false;
    }
    this.screen.isMirrored = this.camera.facing === "user";
    for (const id of ["video", "drawn"]) element(id).classList.toggle("mirrored", this.screen.isMirrored);
    this.startOver();
    this.screen.show("stage", "setup");
    this.busy = false;
    this.lookNow();
  }

  startOver() {
    this.worker?.postMessage({ kind: "people", n: this.page.network.nPoses });
    this.camera.discard();
    this.coach.reset();
  }

  async lookNow() {
    const { video } = this.camera;
    if (!this.camera.stream || this.busy || document.hidden) return;
    if (!video.videoWidth) return setTimeout(() => this.lookNow(), 50);
    this.busy = true;
    const scale = Math.min(1, LOOK_PX / Math.max(video.videoWidth, video.videoHeight));
    const resizeWidth = Math.round(video.videoWidth * scale);
    const resizeHeight = Math.round(video.videoHeight * scale);
    try {
      const picture = await createImageBitmap(video, { resizeWidth, resizeHeight, resizeQuality: "low" });
      this.worker.postMessage({ kind: "look", picture, time: performance.now() }, [picture]);
    } catch {
      this.busy = false; // the camera has just ended, or the picture is not there yet
      setTimeout(() => this.lookNow(), 100);
    }
  }

  onLook(data) {
    this.busy = false;
    if (!this.camera.stream) return;
    if (data.kind === "failed") {
      this.looks.failed += 1;
      if (this.looks.failed > MOST_FAILED_LOOKS) return this.lost("failed");
    } else {
      this.looks.n += 1;
      this.looks.since ||= data.time;
      const poses = data.landmarks.map((landmarks) => new Pose(landmarks, data.width, data.height));
      const about = { poses, brightness: data.brightness, time: data.time, facing: this.camera.facing, sensorRollDeg: this.level.rollDeg(this.camera.facing) };
      const look = lookOf(about, this.page.facts);
      this.draw(look.pose);
      this.tell(this.coach.take(look));
    }
    this.lookNow();
  }

  // ------------------------------------------------------------------ what the coach says
  tell(state) {
    for (const event of state.events) this.follow(event);
    const said = this.screen.text(state.say);
    this.screen.state(state, said);
    this.voice.say(said, { again: state.repeat || state.events.some((event) => event.kind === "swing") });
    document.documentElement.dataset.coach = JSON.stringify({ phase: state.phase, say: state.say, fine: state.fine, counts: state.counts, perSecond: this.perSecond });
  }

  get perSecond() {
    return this.looks.n < 2 ? 0 : (1000 * (this.looks.n - 1)) / (performance.now() - this.looks.since);
  }

  follow(event) {
    if (event.kind === "begin") {
      this.worker.postMessage({ kind: "people", n: 1 }); // looking for others costs a third of the looks
      this.camera.record();
    }
    if (event.kind === "pause") this.camera.pause();
    if (event.kind === "resume") this.camera.resume();
    if (event.kind === "end") setTimeout(() => this.finish(event.why), STILL_MS);
  }

  draw(pose) {
    const canvas = element("drawn");
    const { video } = this.camera;
    if (canvas.width !== video.videoWidth) [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (!pose) return;
    const scale = canvas.width / pose.width;
    pen.lineWidth = Math.max(3, canvas.width / 120);
    pen.lineCap = "round";
    SIDES.forEach((side, index) => {
      const [knee, ankle] = [pose.at("knee", side), pose.at("ankle", side)].map(([x, y]) => [x * scale, y * scale]);
      pen.strokeStyle = ["#3b9ad9", "#e07b39"][index];
      pen.beginPath();
      pen.moveTo(...knee);
      pen.lineTo(...ankle);
      pen.stroke();
    });
  }

  // ------------------------------------------------------------------ what the person decides
  onKey(event) {
    if (event.target.closest("button, a, input") && event.key !== "Escape") return;
    if (element("stage").hidden) return;
    const acts = { " ": () => this.pauseOrGoOn(), p: () => this.pauseOrGoOn(), r: () => this.again(), Escape: () => this.endNow() };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }

  mute() {
    this.voice.toggle();
    this.screen.muted(this.voice.muted);
  }

  pauseOrGoOn() {
    const { phase } = this.coach;
    if (phase === "paused") this.tell(this.coach.resume(performance.now()));
    else if (phase === "test" || phase === "countdown") this.tell(this.coach.pause("asked", performance.now()));
  }

  again() {
    this.unsent = null;
    this.startOver();
    if (!this.camera.stream) return this.begin();
    this.screen.show("stage", "setup");
  }

  endNow() {
    if (this.coach.phase === "setup") return this.leaveCamera();
    if (this.coach.phase !== "done") this.tell(this.coach.end("asked"));
  }

  leaveCamera() {
    this.startOver();
    this.camera.off();
    this.screen.show("start");
  }

  hidden() {
    if (["test", "countdown"].includes(this.coach.phase)) this.tell(this.coach.pause("hidden", performance.now()));
  }

  // The camera went away: what is whole of the recording is not thrown away without being asked.
  lost(why = "lost") {
    if (this.coach.phase === "done") return;
    if (this.camera.isRecording && this.coach.hasCounted) this.finish(why);
    else this.stop(why);
  }

  // ------------------------------------------------------------------ afterwards
  stop(why) {
    this.startOver();
    this.camera.off();
    this.after(why);
  }

  async finish(why) {
    const recording = await this.camera.finish();
    const about = this.about(why);
    this.camera.off();
    if (!recording || !this.coach.hasCounted) return this.stop(why === "left" ? "left" : "nothing");
    this.unsent = { recording, about };
    element("save").href = URL.createObjectURL(recording);
    element("save").download = `hipcv.${recording.type.includes("mp4") ? "mp4" : "webm"}`;
    this.after(why);
    await this.deliver();
  }

  about(why) {
    return {
      camera: this.camera.facing, ended: why, movements: this.coach.seen.filter((movement) => movement.start_s >= 0), looks_per_s: Math.round(10 * this.perSecond) / 10, version: this.page.version,
    };
  }

  after(why) {
    this.screen.show("after");
    element("after-title").textContent = this.screen.text(`after.${why}.title`);
    element("after-text").textContent = this.page.words[`after.${why}.text`] ?? "";
    for (const id of ["sent", "retry", "save"]) element(id).hidden = true;
    element("after-title").focus();
    this.voice.say(this.screen.text(`after.${why}.title`), { again: true });
  }

  async deliver() {
    if (!this.unsent || this.delivering) return;
    this.delivering = true;
    element("sent").hidden = false;
    element("retry").hidden = true;
    element("film-again").hidden = true;
    element("after-text").textContent = this.screen.text("sending");
    try {
      const { job } = await send(this.unsent.recording, this.page.language, this.unsent.about, (share) => (element("sent").value = share));
      this.unsent = null;
      location.assign(`${this.page.home}?job=${job}&lang=${this.page.language}`);
    } catch (problem) {
      element("after-text").textContent = problem.message || this.screen.text("not_sent");
      for (const id of ["retry", "save", "film-again"]) element(id).hidden = false;
      element("sent").hidden = true;
    } finally {
      this.delivering = false;
    }
  }
}

const language = new URLSearchParams(location.search).get("lang") ?? "";
const answer = await fetch(`page.json?${new URLSearchParams({ lang: language })}`);
new Film(await answer.json()).start();
