"""Asks an ONNX file by onnxruntime. Standard input: {"model": path, "rows": [[…]]}; standard output: its answers."""

import json
import sys

import numpy
import onnxruntime

question = json.load(sys.stdin)
session = onnxruntime.InferenceSession(question["model"], providers=["CPUExecutionProvider"])
[probabilities] = session.run(["probabilities"], {"features": numpy.array(question["rows"], dtype="float32")})
json.dump(probabilities.tolist(), sys.stdout)
