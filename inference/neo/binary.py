"""The binary model file of XGBoost 1.0 to 1.7, which `save_model("x.model")` wrote there: to bytes and back.

The layout is that of the structures in XGBoost 1.3's sources: `LearnerModelParamLegacy` (src/learner.cc),
`GBTreeModelParam` (src/gbm/gbtree_model.h), `TreeParam`, `RegTree::Node` and `RTreeNodeStat` (include/xgboost/
tree_model.h). All numbers are little-endian; texts and lists have their length before them, in 8 bytes.
"""

from __future__ import annotations

import struct
from typing import Any, Sequence

from inference.neo.trees import GBTREE, LEAF, ROOT, NeoError, Tree, Trees

VERSION = (1, 3)
"""The version of XGBoost that the files name."""

_LEARNER = struct.Struct("<fIiiiII108x")  # base score, features, classes, attributes?, metrics?, major, minor
_MODEL = struct.Struct("<iiiiqii128x")  # trees, roots, features, padding, buffers, outputs, leaf vector
_TREE = struct.Struct("<iiiiii124x")  # roots, nodes, removed, depth, features, leaf vector
_NODE = struct.Struct("<iiiIf")  # parent, left, right, feature, value
_STATISTICS = struct.Struct("<fffi")  # gain, hessian, weight, leaves below
_LENGTH = struct.Struct("<Q")

_MAGIC = b"binf"

_LEFT_CHILD = 1 << 31
_MISSING_LEFT = 1 << 31
_OLDEST, _NEWEST = (1, 0), (1, 7)


def write(model: Trees) -> bytes:
    """Return the file's bytes: those that XGBoost 1.3.3 writes itself for the same model."""
    parts = [
        _MAGIC,
        _LEARNER.pack(model.base_score, model.features, model.classes, 1, 0, *VERSION),
        _text(model.objective),
        _text(GBTREE),
        _MODEL.pack(len(model.trees), 1, 0, 0, 0, 0, 0),
    ]
    for tree in model.trees:
        parts.extend(_tree(tree, model.features))
    parts.append(struct.pack(f"<{len(model.groups)}i", *model.groups))
    parts.append(_LENGTH.pack(len(model.attributes)))
    parts.extend(_text(name) + _text(model.attributes[name]) for name in sorted(model.attributes))
    return b"".join(parts)


def read(content: bytes) -> Trees:
    """Return the model in a file.

    Raises NeoError where it is no such file, is damaged, or holds what is no tree.
    """
    try:
        return _Reader(content).model()
    except (struct.error, UnicodeDecodeError) as error:
        raise NeoError("The file is no model of XGBoost 1.0 to 1.7 in their binary format, or is damaged.") from error


def _text(text: str) -> bytes:
    encoded = text.encode("utf-8")
    return _LENGTH.pack(len(encoded)) + encoded


def _tree(tree: Tree, features: int) -> list[bytes]:
    nodes, statistics = [], []
    for number in range(tree.size):
        parent = tree.parents[number]
        marked = parent if parent == ROOT else parent | (_LEFT_CHILD if tree.lefts[parent] == number else 0)
        feature = tree.features[number] | (_MISSING_LEFT if tree.missing_left[number] else 0)
        nodes.append(_NODE.pack(_signed(marked), tree.lefts[number], tree.rights[number], feature, tree.values[number]))
        statistics.append(
            _STATISTICS.pack(tree.gains[number], tree.hessians[number], tree.weights[number], tree.leaf_counts[number])
        )
    return [_TREE.pack(1, tree.size, tree.deleted, 0, features, 0), *nodes, *statistics]


def _signed(number: int) -> int:
    return number - (1 << 32) if number >= 1 << 31 else number


class _Reader:
    """Takes one thing after the other from the file."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        # Older interfaces wrote the same without these four letters.
        self._place = len(_MAGIC) if content.startswith(_MAGIC) else 0

    def model(self) -> Trees:
        base_score, features, classes, has_attributes, _, major, minor = self._take(_LEARNER)
        if not _OLDEST <= (major, minor) <= _NEWEST:
            raise NeoError("The file is no model of XGBoost 1.0 to 1.7 in their binary format.")
        objective, booster = self._text(), self._text()
        if booster != GBTREE:
            raise NeoError(f"The model is of the booster {booster}. Train it with {GBTREE}.")
        count, _, _, _, _, _, leaf_vector = self._take(_MODEL)
        if leaf_vector > 1:
            raise NeoError("The model's leaves hold vectors. Train it without multi_strategy.")
        trees = [self._tree() for _ in range(self._sensible(count))]
        groups = self._numbers(count)
        attributes = self._attributes() if has_attributes else {}
        return Trees(objective, base_score, features, classes, trees, groups, attributes)

    def _tree(self) -> Tree:
        _, size, deleted, _, _, leaf_vector = self._take(_TREE)
        if leaf_vector > 1:
            raise NeoError("The model's leaves hold vectors. Train it without multi_strategy.")
        nodes = [self._take(_NODE) for _ in range(self._sensible(size))]
        statistics = [self._take(_STATISTICS) for _ in range(size)]
        return Tree(
            parents=[ROOT if node[0] == ROOT else node[0] & (_LEFT_CHILD - 1) for node in nodes],
            lefts=[node[1] for node in nodes],
            rights=[node[2] if node[1] != LEAF else LEAF for node in nodes],
            features=[node[3] & (_MISSING_LEFT - 1) for node in nodes],
            missing_left=[bool(node[3] & _MISSING_LEFT) for node in nodes],
            values=[node[4] for node in nodes],
            gains=[each[0] for each in statistics],
            hessians=[each[1] for each in statistics],
            weights=[each[2] for each in statistics],
            leaf_counts=[each[3] for each in statistics],
            deleted=deleted,
        )

    def _attributes(self) -> dict[str, str]:
        pairs = [(self._text(), self._text()) for _ in range(self._length())]
        return dict(pairs)

    def _text(self) -> str:
        size = self._length()
        return str(self._take(struct.Struct(f"<{size}s"))[0].decode("utf-8"))

    def _length(self) -> int:
        return self._sensible(self._take(_LENGTH)[0])

    def _sensible(self, count: int) -> int:
        """Return a number of things that a file names; a damaged one must not make us ask for memory without end."""
        if not 0 <= count <= len(self._content):
            raise NeoError(f"The model file is damaged: it names {count} things, and has {len(self._content)} bytes.")
        return count

    def _numbers(self, count: int) -> Sequence[int]:
        return self._take(struct.Struct(f"<{count}i"))

    def _take(self, form: struct.Struct) -> tuple[Any, ...]:
        found = form.unpack_from(self._content, self._place)
        self._place += form.size
        return found
