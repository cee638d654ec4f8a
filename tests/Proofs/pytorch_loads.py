"""Loads a state_dict with strict=True into a U-Net written here and compares its logits with those of a file.

Arguments: the .pth, the pixels (bytes, 3 planes), the logits to compare with (float32), the edge in pixels, the width, and if there is
one the .pth that the first was made from, which must hold equal tensors. Prints PyTorch's version, the equal tensors, the largest
difference of the logits.
"""

import sys

import torch
from torch import nn
from torch.nn import functional as F


def block(channels_in, channels_out):
    layers = []
    for channels in (channels_in, channels_out):
        layers += [nn.Conv2d(channels, channels_out, 3, padding=1), nn.BatchNorm2d(channels_out), nn.ReLU()]
    return nn.Sequential(*layers)


class Net(nn.Module):
    def __init__(self, width):
        super().__init__()
        channels = 3
        for level in range(1, 5):
            setattr(self, f"enc{level}", block(channels, width << (level - 1)))
            channels = width << (level - 1)
        self.bottleneck = block(channels, width << 4)
        channels = width << 4
        for level in range(4, 0, -1):
            setattr(self, f"dec{level}", block(channels + (width << (level - 1)), width << (level - 1)))
            channels = width << (level - 1)
        self.final = nn.Conv2d(width, 1, 1)

    def forward(self, x):
        skips = []
        for level in range(1, 5):
            x = getattr(self, f"enc{level}")(x)
            skips.append(x)
            x = F.max_pool2d(x, 2)
        x = self.bottleneck(x)
        for level in range(4, 0, -1):
            skip = skips.pop()
            x = F.interpolate(x, size=skip.shape[2:], mode="bilinear", align_corners=False)
            x = getattr(self, f"dec{level}")(torch.cat([x, skip], dim=1))
        return self.final(x)


def load(path):
    # weights_only came with 1.13: nothing but tensors is taken then.
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except TypeError:
        return torch.load(path, map_location="cpu")


path, pixels, logits, size, width = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
state = load(path)
equal = 0
if len(sys.argv) > 6:
    source = load(sys.argv[6])
    assert list(source) == list(state), "the names differ"
    for name, tensor in source.items():
        assert tensor.dtype == state[name].dtype and torch.equal(tensor, state[name]), name
        equal += 1
counters = [name for name in state if name.endswith("num_batches_tracked")]
assert len(counters) == 18 and all(state[name].dtype == torch.int64 for name in counters), "num_batches_tracked"
net = Net(width)
net.load_state_dict(state, strict=True)
net.eval()
with open(pixels, "rb") as file:
    planes = torch.frombuffer(bytearray(file.read()), dtype=torch.uint8).reshape(1, 3, size, size)
with open(logits, "rb") as file:
    expected = torch.frombuffer(bytearray(file.read()), dtype=torch.float32).reshape(1, 1, size, size)
with torch.no_grad():
    found = net(planes.float() / 255)
print(f"torch {torch.__version__}")
print(equal)
print(f"{(found - expected).abs().max().item():.3e}")
