"""What is said of refs that count for nothing, and of those that stand in the way of git itself."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from git_muse_coord.store.records.snapshot import Snapshot


def about_ignored(snapshot: Snapshot) -> list[str]:
    """A sentence for each of the two, where there are any."""
    sentences: list[str] = []
    skipped = sum(bad.ref not in snapshot.lost for bad in snapshot.bad)
    if skipped:
        records = "1 damaged or foreign record was"
        if skipped > 1:
            records = f"{skipped:,} damaged or foreign records were"
        sentences.append(f"{records} ignored; git muse-coord fsck names them")
    lost = len(snapshot.lost)
    if lost:
        whose = "1 record" if lost == 1 else f"{lost:,} records"
        sentences.append(
            f"git has lost the objects of {whose}, so its gc fails; git muse-coord fsck --repair mends it"
        )
    return sentences
