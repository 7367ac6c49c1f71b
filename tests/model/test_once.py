from __future__ import annotations

from tflint.model.once import once


class Subject:
    pass


def test_a_fact_is_computed_once_per_subject() -> None:
    seen = []

    @once
    def fact(subject: Subject) -> int:
        """What it says."""
        seen.append(subject)
        return len(seen)

    one, other = Subject(), Subject()
    assert [fact(one), fact(other), fact(one)] == [1, 2, 1]
    assert seen == [one, other]
    assert (fact.__name__, fact.__doc__) == ("fact", "What it says.")


def test_facts_of_one_subject_are_kept_apart() -> None:
    @once
    def first(subject: Subject) -> str:
        return "first"

    @once
    def second(subject: Subject) -> None:
        return None

    subject = Subject()
    assert (first(subject), second(subject), first(subject)) == ("first", None, "first")
