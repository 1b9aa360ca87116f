from __future__ import annotations

from collections.abc import Mapping

import pytest

from inference.neo import binary
from inference.neo.trees import NeoError
from tests.inference.neo.conftest import Exported
from tests.inference.neo.models import KINDS


@pytest.mark.parametrize("name", [*KINDS, "stopped early"])
def test_xgboost_1_3_writes_the_very_bytes_that_it_has_read(exported: Mapping[str, Exported], name: str) -> None:
    assert exported[name].file == exported[name].again


@pytest.mark.parametrize("name", [*KINDS, "stopped early"])
def test_a_file_that_xgboost_1_3_has_written_reads_and_writes_as_the_same(
    exported: Mapping[str, Exported], name: str
) -> None:
    again = exported[name].again
    assert binary.write(binary.read(again)) == again
    # Interfaces that wrote no magic number wrote the same after it.
    assert binary.read(again.removeprefix(b"binf")) == binary.read(again)


def test_trees_that_were_pruned_keep_their_removed_nodes(exported: Mapping[str, Exported]) -> None:
    assert sum(tree.deleted for tree in binary.read(exported["pruned"].file).trees) > 0


def test_files_that_are_no_models_or_damaged_are_refused(exported: Mapping[str, Exported]) -> None:
    whole = exported["binary"].file
    for content in (b"", b"binf", b"binf" + b"\0" * 500, b'{"learner": {}}', whole[:300], whole[:-700]):
        with pytest.raises(NeoError):
            binary.read(content)
    for place in range(0, 400, 3):
        damaged = bytearray(whole)
        damaged[place] ^= 0xFF
        try:
            binary.read(bytes(damaged))
        except NeoError:
            continue
