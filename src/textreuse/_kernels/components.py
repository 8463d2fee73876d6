"""Connected components by union and find."""

from __future__ import annotations

from textreuse._kernels._jit import inner_kernel, kernel


@inner_kernel
def _find(root, item):
    """Return the representative of an item; halves the path to it."""
    while root[item] != item:
        root[item] = root[root[item]]
        item = root[item]
    return item


@kernel
def fill_components(left, right, root):
    """Unite left[i] with right[i] for all i; `root` (its own index at first) gets the least item of each component."""
    for i in range(len(left)):
        x = _find(root, left[i])
        y = _find(root, right[i])
        if x < y:
            root[y] = x
        elif y < x:
            root[x] = y
    for item in range(len(root)):
        root[item] = _find(root, item)
