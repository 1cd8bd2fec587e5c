"""The report of a run or of a comparison: one HTML file that opens offline."""

from stackcraft.viz.report.build import build_comparison_report, build_report

__all__ = ["build_comparison_report", "build_report"]
