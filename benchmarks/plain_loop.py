"""The baseline: OpenCV reads, MediaPipe finds the pose, nothing else. Run by measure.py in its own process.

python benchmarks/plain_loop.py CLIP.mp4
"""

import sys
from importlib import resources

import cv2
import mediapipe as mp
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import PoseLandmarker, PoseLandmarkerOptions, RunningMode


def main() -> None:
    bundle = (resources.files("hipcv.capture") / "bundles" / "full.task").read_bytes()
    options = PoseLandmarkerOptions(base_options=BaseOptions(model_asset_buffer=bundle), running_mode=RunningMode.VIDEO)
    capture = cv2.VideoCapture(sys.argv[1], cv2.CAP_FFMPEG)
    n_frames = 0
    with PoseLandmarker.create_from_options(options) as network:
        while True:
            more, bgr = capture.read()
            if not more:
                break
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
            network.detect_for_video(image, round(1000 * n_frames / 30))
            n_frames += 1
    print(n_frames)


if __name__ == "__main__":
    main()
