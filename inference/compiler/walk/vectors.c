/* What vector instructions do to ROWS rows. This is here once for each size of vectors that the processor may have, since
   compilers take larger ones apart into single numbers: LANES names what is of a size, SIZE is its bytes, TARGET has the
   compiler use its instructions, and after DONE those of other sizes are as fast as before. */

typedef float LANES(floats) __attribute__((vector_size(SIZE), may_alias));
typedef int32_t LANES(counts) __attribute__((vector_size(SIZE), may_alias));
typedef rank_t LANES(ranks) __attribute__((vector_size(SIZE), may_alias));

/* How many groups of a column's thresholds, but for the last one, each value is beyond. */
TARGET static void LANES(pass)(const float *cuts, uint32_t groups, struct rows *rows)
{
    const LANES(floats) *values = (const LANES(floats) *)rows->values;
    LANES(counts) *beyond = (LANES(counts) *)rows->beyond;
    for (uint32_t part = 0; part < ROWS * sizeof(float) / SIZE; part += 4) {
        const LANES(floats) a = values[part], b = values[part + 1], c = values[part + 2], d = values[part + 3];
        LANES(counts) of_a = {0}, of_b = {0}, of_c = {0}, of_d = {0};
        for (uint32_t group = 1; group < groups; group++) {
            const float cut = cuts[group * CUTS_IN_GROUP - 1];
            of_a -= a >= cut;
            of_b -= b >= cut;
            of_c -= c >= cut;
            of_d -= d >= cut;
        }
        beyond[part] = of_a, beyond[part + 1] = of_b, beyond[part + 2] = of_c, beyond[part + 3] = of_d;
    }
    DONE;
}

/* Which rows a node sends to the right, all bits set. */
TARGET static inline ALWAYS_INLINE LANES(ranks) LANES(ask)(const struct node *node, const rank_t *ranks)
{
    const LANES(ranks) values = *(const LANES(ranks) *)(ranks + (size_t)node->slot * ROWS);
    return (LANES(ranks))(values > node->rank);
}

/* What stands on the right for these rows, and on the left for the others. */
TARGET static inline ALWAYS_INLINE LANES(ranks) LANES(pick)(LANES(ranks) go, LANES(ranks) right, LANES(ranks) left)
{
    return (right & go) | (left & ~go);
}

/* Where each row comes out below the first levels of a tree, by asking every node of every row: from the lowest nodes up,
   a node takes over what stands at its left or its right, two levels in one step where there are two. Has no branches and
   no look-ups that depend on the rows. */
TARGET static NEVER_INLINE void LANES(below)(const struct node *nodes, uint32_t levels, const rank_t *ranks, leaf_t *places)
{
    LANES(ranks) found[1u << (HEAD - 1) / 2 * 2];
    for (const rank_t *end = ranks + ROWS; ranks < end; ranks += SIZE / sizeof(rank_t), places += SIZE / sizeof(rank_t)) {
        LANES(ranks) place = {0};
        uint32_t count = 1u << levels >> (levels % 2 ? 1 : 2);
        const struct node *level = nodes + count - 1, *lower = level + count;
        found[0] = place;
        for (uint32_t node = 0; node < count; node++, level++)
            if (levels % 2) {
                found[node] = place - LANES(ask)(level, ranks);
                place += 2;
            } else {
                const LANES(ranks) left = place - LANES(ask)(lower++, ranks);
                place += 2;
                found[node] = LANES(pick)(LANES(ask)(level, ranks), place - LANES(ask)(lower++, ranks), left);
                place += 2;
            }
        while ((count /= 4)) {
            level = nodes + count - 1, lower = level + count;
            for (uint32_t node = 0; node < count; node++, level++, lower += 2) {
                const LANES(ranks) *from = found + 4 * node;
                const LANES(ranks) left = LANES(pick)(LANES(ask)(lower, ranks), from[1], from[0]);
                const LANES(ranks) right = LANES(pick)(LANES(ask)(lower + 1, ranks), from[3], from[2]);
                found[node] = LANES(pick)(LANES(ask)(level, ranks), right, left);
            }
        }
        memcpy(places, found, SIZE);
    }
}

/* The same for all trees of a block. */
TARGET static void LANES(pass_heads)(const struct run *run, const struct run *end, struct rows *rows)
{
    for (; run < end; run++) {
        const uint32_t levels = !run->inner && run->depth < HEAD ? run->depth : HEAD;
        const uint32_t inner = run->inner ? run->inner : (1u << run->depth) - 1;
        const struct node *nodes = NODES + run->node;
        for (uint32_t tree = 0; tree < run->trees; tree++, nodes += inner)
            LANES(below)(nodes, levels, rows->ranks, rows->places[PLACES[run->place + tree]]);
    }
    DONE;
}

#undef LANES
#undef SIZE
#undef TARGET
#undef DONE
