"""Documents that have a key in common, and the exact overlap of their sets."""

from __future__ import annotations

import numpy as np

from textreuse._kernels._jit import inner_kernel, kernel

ZERO, ONE, TWO, FOUR, SIX, FIFTEEN = (np.uint64(n) for n in (0, 1, 2, 4, 6, 15))
FIFTY_SIX, SIXTY_THREE = np.uint64(56), np.uint64(63)
EACH_BYTE, ODD_BITS = np.uint64(0x0101010101010101), np.uint64(0x5555555555555555)
ODD_PAIRS, ODD_NIBBLES = np.uint64(0x3333333333333333), np.uint64(0x0F0F0F0F0F0F0F0F)


@kernel
def sort_keys(keys, scratch, places):
    """Sort keys by their upper three digits of eleven bits, the lowest one first, and then by insertion.

    Keys are spread evenly, or equal and in order of document, which stays: insertion has little to do.
    """
    mask = np.uint64(places.shape[1] - 1)
    places[:] = 0
    for i in range(len(keys)):
        for digit in range(3):
            places[digit, np.int64((keys[i] >> np.uint64(31 + 11 * digit)) & mask)] += 1
    for digit in range(3):
        total = 0
        for value in range(places.shape[1]):
            count = places[digit, value]
            places[digit, value] = total
            total += count
    for digit in range(3):
        shift = np.uint64(31 + 11 * digit)
        for i in range(len(keys)):
            value = np.int64((keys[i] >> shift) & mask)
            scratch[places[digit, value]] = keys[i]
            places[digit, value] += 1
        keys, scratch = scratch, keys
    for i in range(len(keys)):
        x = keys[i]
        j = i - 1
        while j >= 0 and scratch[j] > x:
            scratch[j + 1] = scratch[j]
            j -= 1
        scratch[j + 1] = x


@inner_kernel
def _end_of_group(keys, first, shift):
    """Return where the group that starts at `first` stops, and whether it pairs a leading document with another."""
    stop = first + 1
    while stop < len(keys) and keys[stop] >> shift == keys[first] >> shift:
        stop += 1
    if keys[first] >> ONE == keys[stop - 1] >> ONE:  # all of one document
        return stop, False
    for i in range(first, stop):
        if not keys[i] & ONE:
            return stop, True
    return stop, False


@kernel
def count_members(keys, shift, n_keys):
    """Count by document (in `n_keys`) the keys that others have too; returns groups and members of all groups.

    `keys` are sorted. Above the lowest `shift` bits stands the key, in these the document, and in the last one 0 if
    the document leads with this key: a pair needs one that does.
    """
    mask = (ONE << np.uint64(shift)) - ONE
    n_groups = 0
    n_members = 0
    i = 0
    while i < len(keys):
        stop, is_group = _end_of_group(keys, i, np.uint64(shift))
        if is_group:
            n_groups += 1
            for j in range(i, stop):
                if j == i or keys[j] != keys[j - 1]:
                    n_keys[np.int64((keys[j] & mask) >> ONE)] += 1
                    n_members += 1
        i = stop
    return n_groups, n_members


@kernel
def fill_groups(keys, shift, members, bounds, n_leading, groups, places):
    """Write the documents of each group, the leading ones first, each part in order, and the groups of each document.

    Document d gets groups[places[d]] and those that follow: twice the group, and 1 more if it does not lead there.
    """
    mask = (ONE << np.uint64(shift)) - ONE
    group = 0
    n = 0
    i = 0
    while i < len(keys):
        stop, is_group = _end_of_group(keys, i, np.uint64(shift))
        if is_group:
            for follows in range(2):
                for j in range(i, stop):
                    if np.int64(keys[j] & ONE) == follows and (j == i or keys[j] != keys[j - 1]):
                        document = np.int64((keys[j] & mask) >> ONE)
                        members[n] = document
                        groups[places[document]] = 2 * group + follows
                        places[document] += 1
                        n += 1
                if follows == 0:
                    n_leading[group] = n - bounds[group]
            group += 1
            bounds[group] = n
        i = stop


@inner_kernel
def _overlap(ids, a, a_stop, b, b_stop, enough):
    """Return how many ids two sorted sets have in common; -1 as soon as it is sure that they are below `enough`."""
    common = 0
    while a < a_stop and b < b_stop:
        pause_a = min(a_stop, a + 16)
        pause_b = min(b_stop, b + 16)
        while a < pause_a and b < pause_b:
            x = ids[a]
            y = ids[b]
            common += x == y
            a += x <= y
            b += y <= x
        if common + min(a_stop - a, b_stop - b) < enough:
            return -1
    return common


@inner_kernel
def _overlap_within(ids, a, a_stop, b, b_stop, enough):
    """Return the same where b is so much larger that its ids are looked up: steps double, then halve."""
    common = 0
    while a < a_stop and b < b_stop:
        if common + a_stop - a < enough:
            return -1
        x = ids[a]
        step = 1
        while b + step < b_stop and ids[b + step] < x:
            step *= 2
        low = b + step // 2
        high = min(b + step, b_stop)
        while low < high:
            middle = (low + high) // 2
            if ids[middle] < x:
                low = middle + 1
            else:
                high = middle
        b = low
        if b < b_stop and ids[b] == x:
            common += 1
            b += 1
        a += 1
    return common


@kernel
def fill_outlines(ids, starts, stops, outlines):
    """Write 1,024 bits for each set (16 numbers, 0 at first): whether an odd number of its ids has each bit."""
    for d in range(len(starts)):
        for i in range(starts[d], stops[d]):
            outlines[d, np.int64((ids[i] >> SIX) & FIFTEEN)] ^= ONE << (ids[i] & SIXTY_THREE)


@inner_kernel
def _count_bits(x):
    """Return how many bits of a number are set (the compiler knows this form and takes one instruction)."""
    x = x - ((x >> ONE) & ODD_BITS)
    x = (x & ODD_PAIRS) + ((x >> TWO) & ODD_PAIRS)
    x = (x + (x >> FOUR)) & ODD_NIBBLES
    return (x * EACH_BYTE) >> FIFTY_SIX


@kernel
def _may_be_alike(n_a, n_b, shared_a, shared_b, outline_a, outline_b, threshold, is_containment):
    """Return whether two sets can reach the threshold by their sizes, what each shares with any other, and outlines.

    In each bit in which their outlines differ, one of the sets has an id that the other has not.
    """
    smaller = min(n_a, n_b)
    most = min(smaller, min(shared_a, shared_b))
    if (most / smaller if is_containment else most / (n_a + n_b - most)) < threshold:
        return False
    n_different = ZERO
    for i in range(16):
        n_different += _count_bits(outline_a[i] ^ outline_b[i])
    most = min(most, (n_a + n_b - np.int64(n_different)) // 2)
    return (most / smaller if is_containment else most / (n_a + n_b - most)) >= threshold


@inner_kernel
def _common(ids, a, a_stop, b, b_stop, threshold, is_containment):
    """Return the overlap of two sets if their similarity is at or above the threshold, else 0."""
    if a_stop - a > b_stop - b:
        a, a_stop, b, b_stop = b, b_stop, a, a_stop
    n_a = a_stop - a
    n_b = b_stop - b
    if is_containment:
        enough = np.int64(threshold * n_a) - 1
    else:
        enough = np.int64(threshold / (1 + threshold) * (n_a + n_b)) - 1
    if n_b > 16 * n_a:
        common = _overlap_within(ids, a, a_stop, b, b_stop, enough)
    else:
        common = _overlap(ids, a, a_stop, b, b_stop, enough)
    if common <= 0:
        return 0
    of = n_a if is_containment else n_a + n_b - common
    return common if common / of >= threshold else 0


@kernel
def fill_pairs(
    first, last, ids, starts, stops, shared, outlines, threshold, is_containment, members, bounds, n_leading, groups,
    places, all_below, most_steps, budget, seen, pairs, overlaps, is_cut, work,
):  # fmt: skip
    """Write the verified pairs of documents first..last with earlier ones.

    Document d is in groups[places[d] : places[d + 1]] (see `fill_groups`), group g is led by the n_leading[g] documents
    from members[bounds[g]] on, ascending. Where more than `all_below` lead, d is held against them only until
    `most_steps` of them were looked at or `budget` others verified; is_cut[d] says so. `seen` (by document) holds -1 or
    what an earlier call left; shared[d] shingles of d at most are found elsewhere. work[0] counts verifications.
    Stops before a document whose pairs might not fit. Returns the pairs, and the document to go on with.
    """
    n_pairs = 0
    for d in range(first, last):
        room = 0
        for i in range(places[d], places[d + 1]):
            size = n_leading[groups[i] >> 1]
            room += size if size <= all_below else min(size, budget)
        if n_pairs > 0 and n_pairs + min(room, d) > len(pairs):
            return n_pairs, d
        n_d = stops[d] - starts[d]
        n_steps = 0
        n_before = work[0]
        for i in range(places[d], places[d + 1]):
            start = bounds[groups[i] >> 1]
            size = n_leading[groups[i] >> 1]
            for j in range(start, start + size):
                other = members[j]
                if other >= d:
                    break
                if size > all_below:
                    n_steps += 1
                    if n_steps > most_steps or work[0] - n_before >= budget:
                        is_cut[d] = 1
                        break
                if seen[other] == d:
                    continue
                seen[other] = d
                n_other = stops[other] - starts[other]
                if not _may_be_alike(
                    n_d, n_other, shared[d], shared[other], outlines[d], outlines[other], threshold, is_containment
                ):
                    continue
                work[0] += 1
                common = _common(ids, starts[other], stops[other], starts[d], stops[d], threshold, is_containment)
                if common > 0:
                    pairs[n_pairs, 0] = other
                    pairs[n_pairs, 1] = d
                    overlaps[n_pairs] = common
                    n_pairs += 1
    return n_pairs, last


@kernel
def fill_removed(
    order, ids, starts, stops, shared, outlines, threshold, is_containment, members, bounds, groups, places, position,
    all_below, most_steps, budget, n_kept, seen, removed_by, overlaps, work,
):  # fmt: skip
    """Walk the documents in `order`: one that is like a kept one is removed by the most similar of those, else kept.

    `position` is where each document stands in `order`. Overwrites `members`: the kept ones of group g that lead stand
    at its front, the others at its back, n_kept[2 * g] and n_kept[2 * g + 1] of them (0 at first). The limits are as in
    `fill_pairs`. removed_by[d] is -1 at first, as `seen` is. work[0] counts verifications, work[1] cut documents.
    """
    for k in range(len(order)):
        d = order[k]
        n_d = stops[d] - starts[d]
        best = 0.0
        n_steps = 0
        n_before = work[0]
        is_cut = 0
        for i in range(places[d], places[d + 1]):
            group = groups[i] >> 1
            n_front = n_kept[2 * group]
            # two documents of which neither leads need not be compared
            n_back = 0 if groups[i] & 1 else n_kept[2 * group + 1]
            for j in range(n_front + n_back):
                if n_front + n_back > all_below:
                    n_steps += 1
                    if n_steps > most_steps or work[0] - n_before >= budget:
                        is_cut = 1
                        break
                other = members[bounds[group] + j if j < n_front else bounds[group + 1] - 1 - (j - n_front)]
                if seen[other] == d:
                    continue
                seen[other] = d
                n_other = stops[other] - starts[other]
                least = max(best, threshold)
                if not _may_be_alike(
                    n_d, n_other, shared[d], shared[other], outlines[d], outlines[other], least, is_containment
                ):
                    continue
                work[0] += 1
                common = _common(ids, starts[other], stops[other], starts[d], stops[d], least, is_containment)
                if common > 0:
                    of = min(n_d, n_other) if is_containment else n_d + n_other - common
                    if common / of > best or position[other] < position[removed_by[d]]:
                        best = common / of
                        removed_by[d] = other
                        overlaps[d] = common
        work[1] += is_cut if removed_by[d] < 0 else 0
        if removed_by[d] < 0:
            for i in range(places[d], places[d + 1]):
                group = groups[i] >> 1
                n = n_kept[groups[i]]
                members[bounds[group + 1] - 1 - n if groups[i] & 1 else bounds[group] + n] = d
                n_kept[groups[i]] += 1


@kernel
def fill_overlaps(left, right, ids, starts, stops, threshold, is_containment, overlaps):
    """Write the overlap of left[i] and right[i], 0 where they are below the threshold."""
    for i in range(len(left)):
        a = left[i]
        b = right[i]
        overlaps[i] = _common(ids, starts[a], stops[a], starts[b], stops[b], threshold, is_containment)
