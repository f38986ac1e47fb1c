"""Writes data/train.csv and holdout.csv: invented customers, the same ones every time. Needs nothing but Python."""

import csv
import math
import random
from pathlib import Path

SEED = 20_260_901
ROOT = Path(__file__).parent.parent


def customer(chance: random.Random) -> dict:
    contract = chance.choices([1, 12, 24], [5, 3, 2])[0]
    row = {
        "age": min(90, max(18, round(chance.gauss(44, 15)))),
        "tenure_months": min(120, round(chance.expovariate(1 / 26))),
        "monthly_charge": round(min(120, max(8, chance.gauss(42, 18))), 2),
        "contract_months": contract,
        "support_calls": min(12, round(chance.expovariate(1 / 1.3))),
        "late_payments": min(8, round(chance.expovariate(1 / 0.7))),
        "uses_app": int(chance.random() < 0.55),
        "devices": chance.choices([1, 2, 3, 4], [6, 4, 2, 1])[0],
    }
    # What a straight line cannot say: new customers leave when it is dear, old ones when support fails them, and whoever
    # is bound by a contract stays until it ends.
    new = row["tenure_months"] < 12
    dear = (row["monthly_charge"] - 42) / 18
    score = -1.0 + 0.6 * row["late_payments"] - 0.6 * row["uses_app"] + 0.25 * row["support_calls"]
    score += 1.4 * dear if new else 0.9 * (row["support_calls"] >= 3) - 0.1 * dear
    score -= 1.0 * (contract > row["tenure_months"]) + 0.035 * contract
    score += 0.9 * (abs(row["age"] - 44) > 18) - 0.15 * (row["devices"] - 1)
    row["churned"] = int(chance.random() < 1 / (1 + math.exp(-2 * score)))
    return row


def write(path: Path, rows: list) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


chance = random.Random(SEED)
customers = [customer(chance) for _ in range(3_000)]
write(ROOT / "data" / "train.csv", customers[:2_000])
write(ROOT / "holdout.csv", customers[2_000:])
