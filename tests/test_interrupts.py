"""Ctrl-C is told as Ctrl-C wherever it strikes: in a call from C, or where an error hides it."""

import contextlib
import ctypes
import signal
import time

import pytest

from experiments.interrupts import ctrl_c_first, one_line_on_ctrl_c, raise_on_ctrl_c


def press_ctrl_c(*_: object) -> int:
    signal.raise_signal(signal.SIGINT)
    return 0


def test_ctrl_c_that_a_call_from_c_swallows_is_raised_after_it() -> None:
    array = (ctypes.c_int * 2)(1, 2)
    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(press_ctrl_c)
    with one_line_on_ctrl_c(), pytest.raises(KeyboardInterrupt):
        raise_on_ctrl_c()
        ctypes.CDLL(None).qsort(array, 2, ctypes.sizeof(ctypes.c_int), compare)
        time.sleep(5.0)


def test_an_error_that_a_library_makes_of_ctrl_c_is_told_as_ctrl_c() -> None:
    def import_half() -> None:
        with contextlib.suppress(KeyboardInterrupt):
            press_ctrl_c()
        raise ImportError("could not import module pandas")

    with one_line_on_ctrl_c(), pytest.raises(KeyboardInterrupt):
        raise_on_ctrl_c()
        with ctrl_c_first():
            import_half()


def test_an_error_without_ctrl_c_stays_what_it_is() -> None:
    with one_line_on_ctrl_c(), pytest.raises(ImportError, match="no such"):
        raise_on_ctrl_c()
        with ctrl_c_first():
            raise ImportError("no such")


def test_afterwards_ctrl_c_is_what_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)
    with one_line_on_ctrl_c():
        raise_on_ctrl_c()
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_that_is_ignored_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with one_line_on_ctrl_c():
            raise_on_ctrl_c()
            press_ctrl_c()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
