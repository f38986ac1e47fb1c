"""Trains on data/train.csv what params.json names, and writes model.onnx: eight numbers in, two probabilities out."""

import json
from pathlib import Path

import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.ensemble import GradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from features import FEATURES


def build(name: str):
    if name == "logistic":
        return make_pipeline(StandardScaler(), LogisticRegression())
    if name == "boosting":
        return GradientBoostingClassifier(n_estimators=120, max_depth=3, subsample=0.7, random_state=7)
    raise SystemExit(f'params.json: there is no model "{name}": "logistic" and "boosting" are known')


rows = pd.read_csv("data/train.csv")
model = build(json.loads(Path("params.json").read_text())["model"])
model.fit(rows[FEATURES].to_numpy("float32"), rows["churned"])

# zipmap would turn the probabilities into a list of maps, which no server can send
onnx = to_onnx(
    model,
    initial_types=[("features", FloatTensorType([None, len(FEATURES)]))],
    options={"zipmap": False},
    target_opset=21,
)
Path("model.onnx").write_bytes(onnx.SerializeToString())
print(f"trained on {len(rows)} customers")
