"""The page of a study: saved tables in, one self-contained page out."""

from experiments.study_report.page import write_study_page

__all__ = ["write_study_page"]
