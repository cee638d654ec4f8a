"""Preprocesses photos as the legacy pipeline does: OpenCV decodes, Pillow resizes, NumPy stretches, OpenCV takes the median.

Arguments: the folder to write PNGs of 512x512 into, then the photos.
"""

import os
import sys

import cv2
import numpy as np
from PIL import Image


def preprocess(path):
    rgb = cv2.cvtColor(cv2.imread(path, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
    small = np.asarray(Image.fromarray(rgb).resize((512, 512), Image.BILINEAR)).astype(np.float32) / 255
    low, high = np.percentile(small, (2, 98))
    stretched = np.clip((small - low) / (high - low + 1e-6), 0, 1)
    return cv2.medianBlur((stretched * 255).astype(np.uint8), 3)


folder = sys.argv[1]
for photo in sys.argv[2:]:
    name = os.path.splitext(os.path.basename(photo))[0] + ".png"
    cv2.imwrite(os.path.join(folder, name), cv2.cvtColor(preprocess(photo), cv2.COLOR_RGB2BGR))
print(f"OpenCV {cv2.__version__}, Pillow {Image.__version__}, NumPy {np.__version__}")
