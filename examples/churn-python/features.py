"""The columns that the model reads, in their order."""

FEATURES = [
    "age",
    "tenure_months",
    "monthly_charge",
    "contract_months",
    "support_calls",
    "late_payments",
    "uses_app",
    "devices",
]
