"""Writes golden.json: isotonic calibration and confidence-based estimates, by scikit-learn and numpy.

Needs numpy and scikit-learn. Run in this folder: python golden.py
"""
import json
import numpy as np
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import roc_auc_score

rng = np.random.default_rng(7)
n = 400
scores = np.round(rng.beta(2, 3, n), 3)
labels = (rng.random(n) < np.clip(scores ** 1.7 + 0.05, 0, 1)).astype(int)
at = np.round(np.linspace(-0.1, 1.1, 61), 4)
fit = IsotonicRegression(out_of_bounds="clip").fit(scores, labels)

p = np.clip(scores ** 1.3, 0.01, 0.99)
yes = scores >= 0.5
tp, fp = p[yes].sum(), (1 - p[yes]).sum()
fn, tn = p[~yes].sum(), (1 - p[~yes]).sum()
# each row twice: once as a positive with weight p, once as a negative with weight 1 - p
auc = roc_auc_score(np.r_[np.ones(n), np.zeros(n)], np.r_[scores, scores], sample_weight=np.r_[p, 1 - p])
safe = np.clip(scores, np.finfo(float).eps, 1 - np.finfo(float).eps)
log_loss = np.mean(-p * np.log(safe) - (1 - p) * np.log(1 - safe))
golden = {
    "scores": scores.tolist(),
    "labels": labels.tolist(),
    "at": at.tolist(),
    "calibrated": fit.predict(at).tolist(),
    "probabilities": p.tolist(),
    "expected": {
        "accuracy": (tp + tn) / n,
        "precision": tp / (tp + fp),
        "recall": tp / (tp + fn),
        "auc": auc,
        "log-loss": log_loss,
    },
}
with open("golden.json", "w") as file:
    json.dump(golden, file)
    file.write("\n")
