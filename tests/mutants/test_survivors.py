from textwrap import dedent

from mutants.survivors import Survivors, table_row

CODE = dedent(
    """
    def x_half__mutmut_orig(number):
        if number < 0:
            raise ValueError(f"number is {number}, expected 0 or more")
        return sum(a * b for a, b in zip([number], [0.5], strict=True))

    def x_half__mutmut_1(number):
        if number <= 0:
            raise ValueError(f"number is {number}, expected 0 or more")
        return sum(a * b for a, b in zip([number], [0.5], strict=True))

    def x_half__mutmut_2(number):
        if number < 0:
            raise ValueError(f"XXnumber is XX{number}, expected 0 or more")
        return sum(a * b for a, b in zip([number], [0.5], strict=True))

    def x_half__mutmut_3(number):
        if number < 0:
            raise ValueError(f"number is {number}, expected 0 or more")
        return sum(a * b for a, b in zip([number], [0.5]))

    def x_half__mutmut_4(number):
        if number < 0:
            raise ValueError(f"number is {number}, expected 0 or more")
        return sum(a * b for a, b in zip([number], [1.5], strict=True))

    def x_half__mutmut_5(number):
        if number < 0:
            raise ValueError(None)
        return sum(a * b for a, b in zip([number], [0.5], strict=True))
    """
)


def results(**statuses: str) -> str:
    return "\n".join(f"    netgain.numbers.x_half__mutmut_{name[1:]}: {status}" for name, status in statuses.items())


def test_what_survives_is_shown_where_it_was_changed() -> None:
    found = Survivors.read(results(m1="survived", m4="killed"), CODE)
    assert (found.num_mutants, found.num_killed, found.num_words, found.num_strict) == (2, 1, 0, 0)
    assert found.lines == ("  x_half: if number <⟦→=⟧ 0: [survived]",)


def test_words_and_strict_are_counted_apart_and_a_lost_message_is_not_words() -> None:
    found = Survivors.read(results(m2="survived", m3="survived", m5="no tests", m1="timeout"), CODE)
    assert (found.num_words, found.num_strict, found.num_killed) == (1, 1, 1)
    assert len(found.lines) == 1
    assert "None" in found.lines[0]


def test_a_row_has_the_counts_of_the_file() -> None:
    found = Survivors.read(results(m1="survived", m2="survived", m4="killed"), CODE)
    assert table_row("src/netgain/stats/cost.py", found) == "| `stats/cost.py` | 3 | 1 | 1 | 0 | 1 |"
