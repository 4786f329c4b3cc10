"""Checks ONNX models with the reference implementation: every file named, with strict shape inference.

Prints `ok FILE` for each that passes; ends with 1 and the message of the first that does not.
"""

import sys

import onnx
from onnx import checker, shape_inference


def check(path):
    # By its path, what lies beside it is checked, too.
    checker.check_model(path)
    model = onnx.load(path)
    checker.check_model(model, full_check=True)
    shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)


def main():
    for path in sys.argv[1:]:
        try:
            check(path)
        except Exception as error:
            print(f"{path}: {error}")
            sys.exit(1)
        print(f"ok {path}")


main()
