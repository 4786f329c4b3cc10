"""Writes what torchvision's networks compute, with random weights and random statistics of batch normalisations.

    python3 logits.py FOLDER NAME...

For each network, NAME.safetensors has its state_dict, and NAME.run.safetensors an input and the logits of it. `narrow` is a
small DenseNet-BC: python3 logits.py ../weights/loading/fixture narrow made the files of that folder.
"""

import json
import struct
import sys
from pathlib import Path

import torch
import torchvision.models as models

dtypes = {torch.float32: "F32", torch.int64: "I64"}

networks = {
    "narrow": lambda: models.DenseNet(
        growth_rate=6, block_config=(3, 4), num_init_features=12, bn_size=2, num_classes=5
    ),
    "densenet121": lambda: models.densenet121(weights=None),
    "densenet169": lambda: models.densenet169(weights=None),
    "resnet50": lambda: models.resnet50(weights=None),
    "efficientnet_b0": lambda: models.efficientnet_b0(weights=None),
    "vgg16_bn": lambda: models.vgg16_bn(weights=None),
}


def save(tensors, file):
    """A safetensors file, in the order of the dictionary."""
    header, at = {}, 0
    for name, tensor in tensors.items():
        size = tensor.numel() * tensor.element_size()
        header[name] = {"dtype": dtypes[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    with open(file, "wb") as out:
        out.write(struct.pack("<Q", len(text)))
        out.write(text)
        for tensor in tensors.values():
            out.write(tensor.contiguous().numpy().tobytes())


def shake(network):
    """Statistics, weights and biases of normalisations are nothing neutral."""
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.1)


def main(folder, names):
    for seed, name in enumerate(names):
        torch.manual_seed(seed)
        network = networks[name]().eval()
        shake(network)
        size = 32 if name == "narrow" else 224
        images = torch.randn(2, 3, size, size)
        with torch.no_grad():
            logits = network(images)
        save(network.state_dict(), folder / f"{name}.safetensors")
        save({"input": images, "logits": logits}, folder / f"{name}.run.safetensors")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
