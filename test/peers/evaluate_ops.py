"""Computes single ops with PyTorch, in float64: reads a list of cases from a file and prints the list of results.

A case has the kind and the settings of an op, its input (shape and values) and its stored tensors (name: shape and values).
"""

import json
import sys

import torch
import torch.nn.functional as F


def tensor(stored, dtype=torch.float64):
    shape, values = stored
    return torch.tensor(values, dtype=dtype).reshape(shape)


def padded(x, pad, value=0.0):
    top, left, bottom, right = pad
    return F.pad(x, (left, right, top, bottom), value=value)


def deconv(x, s, t):
    """Uneven padding is cut off by hand."""
    top, left, bottom, right = s["pad"]
    whole = F.conv_transpose2d(x, t["weight"], t.get("bias"), s["stride"], 0, s["outpad"], s["groups"])
    return whole[:, :, top : whole.shape[2] - bottom, left : whole.shape[3] - right]


def avgpool(x, s, t):
    """PyTorch takes one padding for both sides; the cases with uneven ones are left out."""
    top, left, bottom, right = s["pad"]
    ceil = s["extra"] != [0, 0]
    return F.avg_pool2d(x, s["kernel"], s["stride"], (top, left), ceil, s["countpad"])


def maxpool(x, s, t):
    bottom, right = s["extra"]
    low = padded(padded(x, s["pad"], -1e300), (0, 0, bottom, right), -1e300)
    return F.max_pool2d(low, s["kernel"], s["stride"])


def conv(x, s, t):
    return F.conv2d(padded(x, s["pad"]), t["weight"], t.get("bias"), s["stride"], 0, s["dilation"], s["groups"])


def batchnorm(x, s, t):
    return F.batch_norm(x, t["running_mean"], t["running_var"], t.get("weight"), t.get("bias"), False, 0, s["eps"])


def shuffled(x, groups):
    image = x if x.dim() == 4 else x[:, :, None, None]
    return F.channel_shuffle(image, groups).reshape(x.shape)


def pad(x, s, t):
    top, left, bottom, right = s["pad"]
    before, after = s["channels"]
    return F.pad(x, (left, right, top, bottom, before, after))


ops = {
    "conv": conv,
    "deconv": deconv,
    "linear": lambda x, s, t: F.linear(x.flatten(1), t["weight"], t.get("bias")),
    "batchnorm": batchnorm,
    "groupnorm": lambda x, s, t: F.group_norm(x, s["groups"], t["weight"], t["bias"], s["eps"]),
    "lrn": lambda x, s, t: F.local_response_norm(x, s["size"], s["alpha"], s["beta"], s["bias"]),
    "relu": lambda x, s, t: F.relu(x),
    "relu6": lambda x, s, t: F.relu6(x),
    "leakyrelu": lambda x, s, t: F.leaky_relu(x, s["slope"]),
    "silu": lambda x, s, t: F.silu(x),
    "hardswish": lambda x, s, t: F.hardswish(x),
    "hardsigmoid": lambda x, s, t: F.hardsigmoid(x),
    "sigmoid": lambda x, s, t: torch.sigmoid(x),
    "tanh": lambda x, s, t: torch.tanh(x),
    "gelu": lambda x, s, t: F.gelu(x),
    "softmax": lambda x, s, t: F.softmax(x, 1),
    "maxpool": maxpool,
    "avgpool": avgpool,
    "globalavgpool": lambda x, s, t: F.adaptive_avg_pool2d(x, 1),
    "globalmaxpool": lambda x, s, t: F.adaptive_max_pool2d(x, 1),
    "channelavgpool": lambda x, s, t: x.mean(1, keepdim=True),
    "channelmaxpool": lambda x, s, t: x.amax(1, keepdim=True),
    "adaptiveavgpool": lambda x, s, t: F.adaptive_avg_pool2d(x, s["size"]),
    "dropout": lambda x, s, t: F.dropout(x, s["rate"], False),
    "droppath": lambda x, s, t: x if s["rescale"] else x * (1 - s["rate"]),
    "flatten": lambda x, s, t: x.flatten(1),
    "upsample": lambda x, s, t: F.interpolate(x, scale_factor=s["factor"], mode="nearest"),
    "pad": pad,
    "slice": lambda x, s, t: x[:, s["from"] : s["to"]],
    "scale": lambda x, s, t: x * s["factor"] + s["shift"],
    "shuffle": lambda x, s, t: shuffled(x, s["groups"]),
    "unshuffle": lambda x, s, t: shuffled(x, x.shape[1] // s["groups"]),
    "select": lambda x, s, t: x.index_select(1, t["index"].long()),
    "scatter": lambda x, s, t: torch.einsum("nchw,cd->ndhw", x, t["index"]),
}


def main():
    results = []
    for case in json.load(open(sys.argv[1])):
        x = tensor(case["input"]).unsqueeze(0)
        stored = {name: tensor(value) for name, value in case["stored"].items()}
        y = ops[case["kind"]](x, case["settings"], stored).squeeze(0)
        results.append([list(y.shape), y.flatten().tolist()])
    print(json.dumps(results))


main()
