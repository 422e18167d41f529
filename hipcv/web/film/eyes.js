// The worker that looks: it runs MediaPipe's pose network on one picture at a time, and tells how bright the person is.
// A classic worker, as the package loads its compiled code with importScripts, which a module worker has not.

const module = { exports: {} };
const exports = module.exports;
importScripts("vendor/vision_bundle.cjs");
const { FilesetResolver, PoseLandmarker } = module.exports;

const SMALL = 48;
let network = null;
let small = null;
let before = -1; // time of the look before

async function load({ vendor, model, nPoses }) {
  const files = await FilesetResolver.forVisionTasks(vendor);
  const options = { baseOptions: { modelAssetPath: model, delegate: "CPU" }, runningMode: "VIDEO", numPoses: nPoses };
  network = await PoseLandmarker.createFromOptions(files, options);
  small = new OffscreenCanvas(SMALL, SMALL).getContext("2d", { willReadFrequently: true });
}

// Mean brightness of the box around a person, or of the whole picture, of 255.
function brightness(picture, landmarks) {
  let [left, top, right, bottom] = [0, 0, 1, 1];
  if (landmarks) {
    const xs = landmarks.map((one) => one.x);
    const ys = landmarks.map((one) => one.y);
    [left, top, right, bottom] = [Math.max(0, Math.min(...xs)), Math.max(0, Math.min(...ys)), Math.min(1, Math.max(...xs)), Math.min(1, Math.max(...ys))];
  }
  const { width, height } = picture;
  small.drawImage(picture, left * width, top * height, Math.max(1, (right - left) * width), Math.max(1, (bottom - top) * height), 0, 0, SMALL, SMALL);
  const { data } = small.getImageData(0, 0, SMALL, SMALL);
  let sum = 0;
  for (let i = 0; i < data.length; i += 4) sum += 0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2];
  return sum / (SMALL * SMALL);
}

function look({ picture, time }) {
  const at = Math.max(time, before + 1); // the network wants times that increase
  before = at;
  const { landmarks } = network.detectForVideo(picture, at);
  const told = { kind: "look", time, width: picture.width, height: picture.height, landmarks, brightness: brightness(picture, landmarks[0]) };
  picture.close();
  return told;
}

self.onmessage = async ({ data }) => {
  try {
    if (data.kind === "load") {
      await load(data);
      self.postMessage({ kind: "ready" });
    } else if (data.kind === "people") await network.setOptions({ numPoses: data.n });
    else self.postMessage(look(data));
  } catch (problem) {
    self.postMessage({ kind: "failed", what: data.kind, reason: String(problem?.message ?? problem) });
  }
};
