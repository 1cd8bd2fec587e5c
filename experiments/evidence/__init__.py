"""Where claims, levers and calibration are measured and what those measurements rest on."""
