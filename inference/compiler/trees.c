/* Walks the tables above. Included as text after them, so that one file is all that a build needs.

   A sum starts with its margin and takes the leaves in the order of the trees, in 32 bits as XGBoost does, or in 64 as
   LightGBM does, and so has the same bits. Build with -ffp-contract=off; no option that lets a compiler reorder sums. */

#define SLOTS (2 * COLUMNS)
#define ROWS 32 /* rows that are taken through a tree together */
#define STACK_SLOTS 32768
#define FEW_GROUPS 4 /* groups of thresholds that are quicker compared all than halved */

/* What compilers beyond C's standard have; -DMODEL_PORTABLE does without. */
#if defined(__GNUC__) && !defined(MODEL_PORTABLE)
#define WITH_VECTORS
#endif

#if defined(WITH_VECTORS)
#define ALWAYS_INLINE __attribute__((always_inline))
#define UNROLLED _Pragma("GCC unroll 8")
typedef float eight_floats __attribute__((vector_size(32)));
typedef int32_t eight_integers __attribute__((vector_size(32)));
#else
#define ALWAYS_INLINE
#define UNROLLED
#endif
#if defined(WITH_VECTORS) && defined(__x86_64__) && defined(__GLIBC__)
#define FOR_NEWER_PROCESSORS __attribute__((target_clones("avx2", "default")))
#else
#define FOR_NEWER_PROCESSORS
#endif

/* How many of the thresholds a value reaches; 0 for NaN. Thresholds come in whole groups, the last one filled up with NaN,
   which no value reaches. Has no branches that depend on the value. */
static inline ALWAYS_INLINE uint32_t reached(const float *cuts, uint32_t groups, float value)
{
    uint32_t first = 0;
    while (groups > FEW_GROUPS) {
        const uint32_t half = groups / 2;
        first += (0u - (uint32_t)(value >= cuts[(first + half) * CUTS_IN_GROUP - 1])) & half;
        groups -= half;
    }
    uint32_t found = first * CUTS_IN_GROUP;
    cuts += found;
#if defined(WITH_VECTORS)
    eight_integers count = {0};
    for (uint32_t group = 0; group < groups; group++) {
        eight_floats part;
        memcpy(&part, cuts + group * CUTS_IN_GROUP, sizeof part);
        count -= value >= part;
    }
    for (int lane = 0; lane < CUTS_IN_GROUP; lane++)
        found += (uint32_t)count[lane];
#else
    for (uint32_t cut = 0; cut < groups * CUTS_IN_GROUP; cut++)
        found += value >= cuts[cut];
#endif
    return found;
}

static inline ALWAYS_INLINE void rank_value(uint32_t column, float value, rank_t *left, rank_t *right)
{
    const uint32_t start = STARTS[column];
    const uint32_t found = reached(CUTS + (size_t)start * CUTS_IN_GROUP, STARTS[column + 1] - start, value);
    const rank_t rank = (rank_t)((int64_t)found + RANK_LOWEST);
    *left = rank;
    *right = value != value ? RANK_HIGHEST : rank;
}

#define STEP(node, nodes) (node) = 2 * (node) + 1 + (ranks[(nodes)[node].slot] > (nodes)[node].rank)

/* Trees of one depth, four side by side: while one waits for a number from memory, the others go on. */
static inline ALWAYS_INLINE void full_run(const struct run *run, uint32_t depth, const rank_t *ranks, sum_t *added)
{
    const uint32_t inner = (1u << depth) - 1, ends = 1u << depth;
    const struct full *nodes = FULL + run->node;
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

static inline ALWAYS_INLINE void add_run(const struct run *run, const rank_t *ranks, sum_t *added)
{
    if (run->inner) {
        const struct sparse *nodes = SPARSE + run->node;
        uint32_t node = 0;
        while (node < run->inner)
            node = nodes[node].next[ranks[nodes[node].slot] > nodes[node].rank];
        added[PLACES[run->place]] = LEAVES[run->leaf + node - run->inner];
        return;
    }
    switch (run->depth) { /* loops of known length are laid out straight, for the depths that there are */
#define CASE(depth) case depth: full_run(run, depth, ranks, added); break;
        FULL_DEPTHS(CASE)
#undef CASE
    }
}

/* From sums to answers, with the steps of XGBoost's objectives, and in 64 bits with those of LightGBM's. */
static inline void answer(const sum_t *sums, float *out)
{
#if LINK == LINK_SIGMOID
    for (int group = 0; group < GROUPS; group++) {
        float power = -sums[group];
        power = 88.7f < power ? 88.7f : power;
        out[group] = 1.0f / (expf(power) + 1.0f + 1e-16f);
    }
#elif LINK == LINK_EXPONENTIAL
    for (int group = 0; group < GROUPS; group++)
        out[group] = expf(sums[group]);
#elif LINK == LINK_WIDE_EXPONENTIAL
    for (int group = 0; group < GROUPS; group++)
        out[group] = (float)exp((double)SUM(group));
#elif LINK == LINK_SOFTMAX
    float largest = sums[0];
    double total = 0.0;
    for (int group = 1; group < GROUPS; group++)
        largest = sums[group] > largest ? sums[group] : largest;
    for (int group = 0; group < GROUPS; group++) {
        out[group] = expf(sums[group] - largest);
        total += out[group];
    }
    for (int group = 0; group < GROUPS; group++)
        out[group] /= (float)total;
#elif LINK == LINK_WIDE_SIGMOID
    for (int group = 0; group < GROUPS; group++)
        out[group] = (float)(1.0 / (1.0 + exp(-SLOPE * SUM(group))));
#elif LINK == LINK_WIDE_SOFTMAX
    double largest = SUM(0), total = 0.0, powers[GROUPS];
    for (int group = 1; group < GROUPS; group++)
        largest = SUM(group) > largest ? SUM(group) : largest;
    for (int group = 0; group < GROUPS; group++) {
        powers[group] = exp(SUM(group) - largest);
        total += powers[group];
    }
    for (int group = 0; group < GROUPS; group++)
        out[group] = (float)(powers[group] / total);
#elif LINK == LINK_SIGNED_SQUARE
    for (int group = 0; group < GROUPS; group++) {
        const double sum = SUM(group);
        out[group] = (float)((double)((sum > 0.0) - (sum < 0.0)) * sum * sum);
    }
#elif LINK == LINK_LARGEST
    int best = 0;
    for (int group = 1; group < GROUPS; group++)
        best = sums[group] > sums[best] ? group : best;
    out[0] = (float)best;
#elif LINK == LINK_HINGE
    for (int group = 0; group < GROUPS; group++)
        out[group] = sums[group] > 0.0f ? 1.0f : 0.0f;
#else
    for (int group = 0; group < GROUPS; group++)
        out[group] = (float)SUM(group);
#endif
}

FOR_NEWER_PROCESSORS
static void predict_row(const float *row, rank_t *ranks, float *out)
{
    sum_t sums[GROUPS], added[BLOCK];
    memcpy(sums, MARGINS, sizeof sums);
    for (uint32_t column = 0; column < COLUMNS; column++)
        rank_value(column, TAKEN(column, row[COLUMN[column]]), &ranks[column], &ranks[COLUMNS + column]);
    for (uint32_t block = 0, tree = 0; block < BLOCKS; block++) {
        const uint32_t end = tree + BLOCK < TREES ? tree + BLOCK : TREES;
        for (uint32_t run = FIRST_RUN[block]; run < FIRST_RUN[block + 1]; run++)
            add_run(&RUNS[run], ranks, added);
        for (uint32_t place = 0; tree < end; tree++, place++)
            sums[GROUP_OF(tree)] += added[place];
    }
    answer(sums, out);
}

#if defined(WITH_VECTORS)

/* ROWS values side by side; the compiler makes of them what the processor has. */
typedef rank_t lanes __attribute__((vector_size(ROWS * sizeof(rank_t)), may_alias));

/* Each row's leaf in a complete tree, by asking every node of every row: from the lowest nodes up, a node takes over
   what stands at its left or its right. Has no branches and no look-ups that depend on the rows. */
static inline ALWAYS_INLINE void
full_leaves(const struct full *nodes, int depth, const lanes *ranks, lanes *leaves)
{
    uint32_t count = 1u << (depth - 1);
    const struct full *level = nodes + count - 1;
    for (uint32_t place = 0; place < count; place++)
        leaves[place] = (rank_t)(2 * place) - (lanes)(ranks[level[place].slot] > level[place].rank);
    while ((count /= 2)) {
        level = nodes + count - 1;
        for (uint32_t place = 0; place < count; place++) {
            const lanes right = (lanes)(ranks[level[place].slot] > level[place].rank);
            leaves[place] = (leaves[2 * place] & ~right) | (leaves[2 * place + 1] & right);
        }
    }
}

static inline ALWAYS_INLINE void
add_full(const struct run *run, const lanes *ranks, sum_t (*added)[ROWS])
{
    const struct full *nodes = FULL + run->node;
    const sum_t *values = LEAVES + run->leaf;
    lanes leaves[MOST_LOWEST_NODES];
    for (uint32_t tree = 0; tree < run->trees; tree++) {
        sum_t *out = added[PLACES[run->place + tree]];
        if (run->depth) {
            full_leaves(nodes, run->depth, ranks, leaves);
            for (int row = 0; row < ROWS; row++)
                out[row] = values[(leaf_t)leaves[0][row]];
        } else {
            for (int row = 0; row < ROWS; row++)
                out[row] = values[0];
        }
        nodes += (1u << run->depth) - 1;
        values += 1u << run->depth;
    }
}

/* All rows one level at a time, so that their look-ups overlap; a row at its leaf stays there. */
static inline ALWAYS_INLINE void
add_sparse(const struct run *run, const lanes *ranks, sum_t (*added)[ROWS])
{
    const struct sparse *nodes = SPARSE + run->node;
    const rank_t *flat = (const rank_t *)ranks;
    uint32_t at[ROWS] = {0};
    for (uint32_t level = 0; level < run->depth; level++)
        for (uint32_t row = 0; row < ROWS; row++) {
            const uint32_t inner = 0u - (uint32_t)(at[row] < run->inner);
            const struct sparse *node = nodes + (at[row] & inner);
            const uint32_t next = node->next[flat[(size_t)node->slot * ROWS + row] > node->rank];
            at[row] = (next & inner) | (at[row] & ~inner);
        }
    for (int row = 0; row < ROWS; row++)
        added[PLACES[run->place]][row] = LEAVES[run->leaf + at[row] - run->inner];
}

FOR_NEWER_PROCESSORS
static void predict_rows(const float *rows, uint32_t count, lanes *ranks, float *out)
{
    sum_t sums[GROUPS][ROWS], added[BLOCK][ROWS], one[GROUPS];
    rank_t *flat = (rank_t *)ranks;
    for (uint32_t column = 0; column < COLUMNS; column++)
        for (uint32_t row = 0; row < ROWS; row++) {
            const float given = rows[(size_t)(row < count ? row : 0) * WIDTH + COLUMN[column]];
            const float value = TAKEN(column, given);
            rank_value(column, value, &flat[(size_t)column * ROWS + row], &flat[(size_t)(COLUMNS + column) * ROWS + row]);
        }
    for (int group = 0; group < GROUPS; group++)
        for (int row = 0; row < ROWS; row++)
            sums[group][row] = MARGINS[group];
    for (uint32_t block = 0, tree = 0; block < BLOCKS; block++) {
        const uint32_t end = tree + BLOCK < TREES ? tree + BLOCK : TREES;
        for (uint32_t run = FIRST_RUN[block]; run < FIRST_RUN[block + 1]; run++)
            if (RUNS[run].inner)
                add_sparse(&RUNS[run], ranks, added);
            else
                add_full(&RUNS[run], ranks, added);
        for (uint32_t place = 0; tree < end; tree++, place++)
            for (int row = 0; row < ROWS; row++)
                sums[GROUP_OF(tree)][row] += added[place][row];
    }
    for (uint32_t row = 0; row < count; row++) {
        for (int group = 0; group < GROUPS; group++)
            one[group] = sums[group][row];
        answer(one, out + (size_t)row * OUTPUTS);
    }
}

static int predict_many(const float *rows, size_t count, float *out)
{
    lanes *ranks = NULL;
    if (posix_memalign((void **)&ranks, sizeof(lanes) > 64 ? sizeof(lanes) : 64, sizeof(lanes) * (SLOTS + 1)))
        return 1;
    for (size_t row = 0; row < count; row += ROWS)
        predict_rows(rows + row * WIDTH, count - row < ROWS ? (uint32_t)(count - row) : ROWS, ranks, out + row * OUTPUTS);
    free(ranks);
    return 0;
}

#else

static int predict_many(const float *rows, size_t count, float *out)
{
    rank_t *ranks = malloc(sizeof(rank_t) * (SLOTS + 1));
    if (!ranks)
        return 1;
    for (size_t row = 0; row < count; row++)
        predict_row(rows + row * WIDTH, ranks, out + row * OUTPUTS);
    free(ranks);
    return 0;
}

#endif

#define FEW 6 /* rows that are quicker one by one */

EXPORTED int model_predict(const float *rows, size_t count, float *scores)
{
#if SLOTS <= STACK_SLOTS
    if (count <= FEW) {
        rank_t ranks[SLOTS + 1];
        for (size_t row = 0; row < count; row++)
            predict_row(rows + row * WIDTH, ranks, scores + row * OUTPUTS);
        return 0;
    }
#endif
    return predict_many(rows, count, scores);
}
