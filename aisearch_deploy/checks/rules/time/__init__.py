"""Whether time-outs, silences and graces agree from hop to hop."""
