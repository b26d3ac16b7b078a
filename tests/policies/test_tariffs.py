from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from simulation import register
from simulation.categories import PAYMENT_GROUPS
from simulation.errors import InputError
from simulation.policies.tariff_files import load_tariff
from simulation.policies.tariffs import Terms, tariff_names, terms_named

SHARE_BASED = ("flexible_new_deal", "pathways", "flat", "attachment_only")
WORK_PROGRAMME_2011 = """\
jsa_18_24,400,1200,2210,13
jsa_25_plus,400,1200,2795,13
jsa_early_access,400,1200,5000,20
jsa_ex_ib,400,1200,5000,20
esa_volunteers,400,1000,2300,20
esa_new,600,1200,4700,20
esa_ex_ib,600,3500,9620,26
ib_is_volunteers,400,1000,2300,20
jsa_prison_leavers,300,1200,4000,20
"""
"""Year 1 prices: attachment, job outcome, all sustainment payments, their number."""

RESULTS = """\
description: mine
source: mine
confidence: low
from: 2010-01-01
kind: results
job_weeks: 13
"""


@pytest.fixture
def tariff_file(tmp_path: Path):
    def write(text: str) -> str:
        path = tmp_path / "mine.yaml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def own_terms() -> Terms:
    return replace(terms_named("work_programme"), name="mine")


def problems_of(name: str, **given) -> list[str]:
    with pytest.raises(InputError) as error:
        terms_named(name, **given)
    return error.value.problems


def test_the_library_holds_the_terms_of_the_time_with_source_and_dates():
    assert set(tariff_names()) >= {
        *("block_grant", "unit_price", "employment_zone", "flexible_new_deal", "pathways"),
        *("work_programme", "flat", "attachment_only"),
    }
    for name in tariff_names():
        tariff = load_tariff(name)
        assert tariff.source and tariff.confidence
        assert tariff.until is None or tariff.until > tariff.first_day


def test_work_programme_pays_the_prices_of_its_first_year():
    terms = terms_named("work_programme")
    rows = list(csv.reader(WORK_PROGRAMME_2011.splitlines()))
    assert [row[0] for row in rows] == list(PAYMENT_GROUPS)
    for place, (_, *figures) in enumerate(rows):
        attachment, job, sustained, n = (float(figure) for figure in figures)
        assert terms.attachment_gbp[place] == attachment
        assert terms.job_gbp[place] == job
        assert terms.n_sustainment[place] == n
        assert terms.sustainment_gbp[place] * n == pytest.approx(sustained, abs=1e-9)
    assert terms.attachment_taper == (1.0, 0.75, 0.5, 0.0)
    assert (terms.job_weeks, terms.sustainment_weeks) == (26, 4)
    assert terms.group_job_weeks == (26, 26, *(13,) * 7)
    # Of incapacity claimants hardly anybody was sent: 9 in 100 of those attached were on ESA.
    assert terms.mandatory == ("jsa_6_to_12_months", "jsa_over_12_months")


@pytest.mark.parametrize(
    ("name", "shares", "weeks"),
    [
        ("flexible_new_deal", (0.2, 0.5, 0.3), (13, 13)),
        ("pathways", (0.3, 0.5, 0.2), (0, 13)),
        ("flat", (0.0, 1.0, 0.0), (13, 13)),
        ("attachment_only", (1.0, 0.0, 0.0), (13, 13)),
    ],
)
def test_shares_split_the_unit_price(name: str, shares, weeks):
    terms = terms_named(name, unit_price_gbp=1500)
    for place in range(len(PAYMENT_GROUPS)):
        parts = (terms.attachment_gbp[place], terms.job_gbp[place], terms.sustainment_gbp[place])
        assert parts == pytest.approx([share * 1500 for share in shares])
    assert (terms.job_weeks, terms.sustainment_weeks) == weeks
    assert set(terms.n_sustainment) == {1 if shares[2] else 0}


def test_a_grant_and_a_unit_price_have_no_fees():
    assert terms_named("block_grant").kind == "block"
    assert terms_named("unit_price").kind == "unit"
    assert terms_named("unit_price").job_gbp == ()


def test_an_unknown_tariff_is_answered_with_the_nearest():
    [line] = problems_of("work_program")
    assert (
        line
        == "there is no tariff 'work_program'; did you mean work_programme, jobcentre_programme?"
    )


@pytest.mark.parametrize("name", SHARE_BASED)
@pytest.mark.parametrize("price", [None, -1.0, float("nan"), float("inf")])
def test_shares_without_a_usable_unit_price_are_refused(name: str, price):
    [line] = problems_of(name, unit_price_gbp=price)
    assert "unit_price_gbp must be a number of at least 0" in line


def test_a_tariff_with_prices_of_its_own_has_no_use_for_a_unit_price():
    assert terms_named("work_programme", unit_price_gbp=5.0) == terms_named("work_programme")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "shares: {attachment: 0.2, job: 0.5, sustainment: 0.4, n_sustainment: 1}",
            "attachment, job and sustainment must add up to 1, not 1.1",
        ),
        (
            "shares: {attachment: 0.2, job: 0.5, sustainment: 0.3, n_sustainment: 0}",
            "n_sustainment of at least 1",
        ),
        (
            "shares: {attachment: -0.2, job: 1.2, sustainment: 0, n_sustainment: 0}",
            "greater than or equal to 0",
        ),
        (
            "fees: {all: {attachment: -1, job: 1, sustainment_total: 0, n_sustainment: 0}}",
            "fees.all.attachment: Input should be greater than or equal to 0, got -1",
        ),
        (
            "fees: {all: {attachment: .inf, job: 1, sustainment_total: 0, n_sustainment: 0}}",
            "fees.all.attachment",
        ),
        (
            "fees: {all: {attachment: 1, job: 1, sustainment_total: 9, n_sustainment: 0}}",
            "a sustainment_total needs n_sustainment of at least 1",
        ),
        (
            "fees: {jsa_18_24: {attachment: 1, job: 1, sustainment_total: 0, n_sustainment: 0}}",
            "fees lack jsa_25_plus, jsa_early_access, jsa_ex_ib",
        ),
        (
            "fees: {jsa_18: {attachment: 1, job: 1, sustainment_total: 0, n_sustainment: 0}}",
            "fees jsa_18: must be of jsa_18_24",
        ),
        ("", "a tariff by results needs either fees or shares"),
        ("mandatory: [everybody]\nshares: {}", "shares.attachment: Field required"),
        (
            "shares: {attachment: 1, job: 0, sustainment: 0, n_sustainment: 0}\n"
            "mandatory: [everybody]",
            "mandatory everybody: must be of jsa_under_6_months",
        ),
        (
            "shares: {attachment: 1, job: 0, sustainment: 0, n_sustainment: 0}\nuntil: 2009-01-01",
            "until 2009-01-01 must be after from 2010-01-01",
        ),
        ("job_weeks: 26", "repeated key job_weeks"),
        (
            "attachment_tapper: [1.0]",
            "attachment_tapper: no such key; did you mean attachment_taper",
        ),
    ],
)
def test_a_tariff_that_cannot_be_used_is_one_clear_line(tariff_file, text: str, said: str):
    path = tariff_file(RESULTS + text)
    lines = problems_of(path, unit_price_gbp=100.0)
    assert any(said in line and line.startswith(path) for line in lines)
    assert all("\n" not in line for line in lines)


def test_a_tariff_of_ones_own_from_a_file(tariff_file):
    path = tariff_file(
        RESULTS + "fees: {all: {attachment: 1, job: 2, sustainment_total: 9, n_sustainment: 3}}"
    )
    terms = terms_named(path)
    assert terms.name == "mine"
    assert terms.sustainment_gbp == (3.0,) * 9
    assert terms.group_job_weeks == ()


def test_a_file_that_was_changed_is_read_again(tariff_file):
    shares = "shares: {{attachment: {}, job: {}, sustainment: 0, n_sustainment: 0}}"
    for part in (0.25, 0.75):
        path = tariff_file(RESULTS + shares.format(part, 1 - part))
        assert terms_named(path, unit_price_gbp=100).attachment_gbp[0] == 100 * part


def test_a_file_that_is_no_yaml_is_one_clear_line(tariff_file):
    [line] = problems_of(tariff_file("kind: [results"))
    assert "cannot be read as YAML" in line


def test_a_file_that_is_not_there_is_named():
    [line] = problems_of("nowhere/mine.yaml")
    assert "'nowhere/mine.yaml' is not there" in line


def test_registered_terms_are_found_by_name(own_terms: Terms):
    with register.on_behalf_of("mine.py"):
        register.tariff(own_terms)
    assert terms_named("mine") is own_terms
    assert "mine" in tariff_names()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "gift"}, "kind must be block, unit or results, got 'gift'"),
        ({"job_gbp": (1.0,)}, "job_gbp must have 9 values, got 1"),
        ({"job_gbp": (-1.0,) * 9}, "job_gbp must be at least 0, got -1.0"),
        ({"attachment_taper": ()}, "attachment_taper must have 1 to 4 factors"),
        ({"group_job_weeks": (13,)}, "group_job_weeks must have 9 values"),
        ({"sustainment_weeks": 0}, "sustainment_weeks must be at least 1, got 0"),
        ({"mandatory": ("nobody",)}, "mandatory nobody"),
    ],
)
def test_terms_that_do_not_add_up_cannot_be_made(own_terms: Terms, change, said: str):
    with pytest.raises(InputError) as error:
        replace(own_terms, **change)
    assert any(said in line for line in error.value.problems)


@pytest.mark.parametrize(
    ("year", "attachment", "taper"),
    [
        (0, 400.0, (1.0, 0.75, 0.5, 0.0)),
        (1, 300.0, (1.0, 0.5 / 0.75, 0.0)),
        (2, 200.0, (1.0, 0.0)),
        (3, 0.0, (1.0,)),
        (9, 0.0, (1.0,)),
    ],
)
def test_terms_carried_on_pay_what_the_taper_has_left_of_the_attachment_fee(
    year, attachment, taper
):
    tendered = terms_named("work_programme")
    terms = tendered.from_year(year)
    assert (terms.attachment_gbp[0], terms.attachment_taper) == (attachment, taper)
    for name in ("job_gbp", "sustainment_gbp", "n_sustainment", "mandatory", "least_effort"):
        assert getattr(terms, name) == getattr(tendered, name)


def test_terms_of_ones_own_take_no_shipped_name(own_terms: Terms):
    with pytest.raises(InputError, match="tariff 'pathways' exists already"):
        register.tariff(replace(own_terms, name="pathways"))
