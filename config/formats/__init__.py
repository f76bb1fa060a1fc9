"""How dates are written where Django's own forms can be misread; `FORMAT_MODULE_PATH` points here."""
