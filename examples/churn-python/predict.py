"""Answers the customers in ROWS with the model in MODEL: writes their number and the probability to PREDICTIONS."""

import os

import onnxruntime
import pandas as pd

from features import FEATURES

rows = pd.read_csv(os.environ["ROWS"])
session = onnxruntime.InferenceSession(os.environ["MODEL"], providers=["CPUExecutionProvider"])
[probabilities] = session.run(["probabilities"], {"features": rows[FEATURES].to_numpy("float32")})
pd.DataFrame({"row": rows["row"], "p": probabilities[:, 1]}).to_csv(os.environ["PREDICTIONS"], index=False)
