"""How values are told to the test: in JSON, with every digit and every special number."""

import numpy

PLAIN = {"nan": "NaN", "inf": "inf", "-inf": "-inf"}


def told(value):
    if isinstance(value, (list, numpy.ndarray)):
        return [told(item) for item in (value.tolist() if isinstance(value, numpy.ndarray) else value)]
    if isinstance(value, float) and str(value) in PLAIN:
        return PLAIN[str(value)]
    if isinstance(value, (int, numpy.integer)) and not isinstance(value, (bool, numpy.bool_)):
        return str(int(value))
    return value.item() if isinstance(value, numpy.generic) else value
