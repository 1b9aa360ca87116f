"""Gives NumPy 2, which newer Pythons need, back the names that XGBoost 1.3 asks it for; found on the PYTHONPATH."""

import numpy as np

for _old, _new in (("cfloat", np.complex128), ("clongfloat", np.clongdouble), ("float_", np.float64)):
    setattr(np, _old, _new)
