/* One row, tree by tree. */

#define STEP(node, nodes) (node) = 2 * (node) + 1 + (ranks[(nodes)[node].slot] > (nodes)[node].rank)

/* Complete trees of one depth, four side by side: while one waits for a number from memory, the others go on. */
static inline ALWAYS_INLINE void full_run(const struct run *run, uint32_t depth, const rank_t *ranks, sum_t *added)
{
    const uint32_t inner = (1u << depth) - 1, ends = 1u << depth;
    const struct node *nodes = NODES + run->node;
    const sum_t *leaves = LEAVES + run->leaf;
    const uint8_t *places = PLACES + run->place;
    uint32_t tree = 0;
    for (; tree + 4 <= run->trees; tree += 4, nodes += 4 * inner, leaves += 4 * ends) {
        uint32_t a = 0, b = 0, c = 0, d = 0;
        UNROLLED
        for (uint32_t level = 0; level < depth; level++) {
            STEP(a, nodes);
            STEP(b, nodes + inner);
            STEP(c, nodes + 2 * inner);
            STEP(d, nodes + 3 * inner);
        }
        added[places[tree]] = leaves[a - inner];
        added[places[tree + 1]] = leaves[ends + b - inner];
        added[places[tree + 2]] = leaves[2 * ends + c - inner];
        added[places[tree + 3]] = leaves[3 * ends + d - inner];
    }
    for (; tree < run->trees; tree++, nodes += inner, leaves += ends) {
        uint32_t node = 0;
        UNROLLED
        for (uint32_t level = 0; level < depth; level++)
            STEP(node, nodes);
        added[places[tree]] = leaves[node - inner];
    }
}

/* A tree that is complete in its first levels alone. */
static inline ALWAYS_INLINE void deep_run(const struct run *run, const rank_t *ranks, sum_t *added)
{
    const struct node *nodes = NODES + run->node;
    const child_t *children = CHILDREN + run->child;
    uint32_t node = 0;
    UNROLLED
    for (uint32_t level = 0; level < HEAD; level++)
        STEP(node, nodes);
    node = children[node - HEAD_NODES];
    while (node < run->inner)
        node = children[2 * (node - LOWEST_IN_HEAD) + (ranks[nodes[node].slot] > nodes[node].rank)];
    added[PLACES[run->place]] = LEAVES[run->leaf + node - run->inner];
}

static inline ALWAYS_INLINE void add_run(const struct run *run, const rank_t *ranks, sum_t *added)
{
    if (ALL_DEEP || (!ALL_FULL && run->inner)) {
        deep_run(run, ranks, added);
        return;
    }
    switch (run->depth) { /* loops of known length are laid out straight, for the depths that there are */
#define CASE(depth) case depth: full_run(run, depth, ranks, added); break;
        FULL_DEPTHS(CASE)
#undef CASE
    }
}

static void predict_row(const float *row, rank_t *ranks, float *out)
{
    sum_t sums[GROUPS], added[BLOCK];
    memcpy(sums, MARGINS, sizeof sums);
    for (uint32_t column = 0; column < COLUMNS; column++) {
        const float value = TAKEN(column, row[COLUMN[column]]);
        const uint32_t start = STARTS[column], groups = STARTS[column + 1] - start;
        const uint32_t found = reached(CUTS + (size_t)start * CUTS_IN_GROUP, groups, value);
        set_rank(value, found, &ranks[column], &ranks[COLUMNS + column]);
    }
    for (uint32_t block = 0, tree = 0; block < BLOCKS; block++) {
        const uint32_t end = tree + BLOCK < TREES ? tree + BLOCK : TREES;
        for (uint32_t run = FIRST_RUN[block]; run < FIRST_RUN[block + 1]; run++)
            add_run(&RUNS[run], ranks, added);
        for (uint32_t place = 0; tree < end; tree++, place++)
            sums[GROUP_OF(tree)] += added[place];
    }
    answer(sums, out);
}
