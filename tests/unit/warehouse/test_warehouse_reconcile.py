"""Which sightings open and close: every test is (what stands, what was found, what follows)."""

from pipeline.adapters.warehouse.reconcile import Changes, Sighting, reconcile

OLD, NEW = "version-1", "version-2"


def seen(statement_id: str, version_id: str = NEW, start: int = 0) -> Sighting:
    return Sighting(statement_id, version_id, start, start + 10, "article-1")


def after(found, standing, *, judged=(NEW,), current=NEW) -> Changes:
    return reconcile(
        found, judged=dict.fromkeys(judged, "article-1"), current={current} & set(judged), standing=standing
    )


def changes(opened=(), noted=(), closed=()) -> Changes:
    return Changes(opened=tuple(opened), noted=tuple(noted), closed=tuple(closed))


def test_what_is_found_for_the_first_time_opens():
    """Two places of one statement are two sightings; one place named twice is one."""
    found = [seen("a"), seen("a", start=50), seen("a")]
    assert changes(opened=[seen("a"), seen("a", start=50)]) == after(found, {})


def test_what_stands_and_is_found_again_does_not_change():
    """A second analysis with the same result writes nothing."""
    assert changes() == after([seen("a")], {seen("a"): True})


def test_what_stands_and_is_not_found_closes():
    """A rule set that misses a statement closes its sighting."""
    assert changes(closed=[seen("a")]) == after([], {seen("a"): True})


def test_what_was_closed_and_is_found_again_opens_again():
    """A sighting can open a second time."""
    assert changes(opened=[seen("a")]) == after([seen("a")], {seen("a"): False})


def test_an_edit_closes_the_sightings_of_the_text_before():
    """A statement that the new text still has moves over to it."""
    standing = {seen("a", OLD): True, seen("b", OLD): True}
    assert changes(opened=[seen("a")], closed=[seen("a", OLD), seen("b", OLD)]) == after([seen("a")], standing)


def test_a_text_replaced_before_its_analysis_is_noted():
    """What only an old text says is recorded without standing."""
    expected = changes(noted=[seen("a", OLD)])
    assert expected == after([seen("a", OLD)], {}, judged=(OLD,))


def test_a_text_that_was_replaced_is_noted_once():
    """Reading an old text again with other rules adds only what was not seen in it before."""
    assert changes() == after([seen("a", OLD)], {seen("a", OLD): False}, judged=(OLD,))


def test_both_texts_in_one_batch_leave_what_the_new_one_says():
    """The order of versions within a batch does not matter."""
    found = [seen("a", OLD), seen("b")]
    expected = changes(opened=[seen("b")], noted=[seen("a", OLD)])
    assert expected == after(found, {}, judged=(OLD, NEW)) == after(found[::-1], {}, judged=(NEW, OLD))
