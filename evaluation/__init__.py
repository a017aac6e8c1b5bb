"""What a trained network is worth: loading it, metrics, error analysis, and the report of them.

How it is trained lies in `training`; how a report is shown in `gui`.
"""
