/* Many rows, ROWS of them through a tree at a time. The first levels of a tree are asked whole, by vector instructions;
   below them each row goes its own way, with BESIDE rows side by side so that their waits for memory overlap. */

#define ROWS 32
#define BESIDE 8
#define UNASKED 4 /* levels, after which it is asked whether all rows are at their leaves */
#define FEW 6 /* rows that are quicker one by one */

#if defined(WITH_VECTORS)

/* Ranks of several rows side by side, as many as a processor compares at once. */
typedef rank_t wide_lanes __attribute__((vector_size(32), may_alias));
typedef rank_t narrow_lanes __attribute__((vector_size(16), may_alias));

/* Where each row comes out below the first levels, by asking every node of every row: from the lowest nodes up, a node
   takes over what stands at its left or its right. Has no branches and no look-ups that depend on the rows. */
#define DEFINE_BELOW(name, lanes)                                                                                     \
    static inline ALWAYS_INLINE void name(const struct node *nodes, uint32_t levels, const rank_t *ranks, leaf_t *out) \
    {                                                                                                                 \
        lanes found[1u << (HEAD - 1)];                                                                                \
        for (uint32_t row = 0; row < ROWS; row += sizeof(lanes) / sizeof(rank_t)) {                                   \
            const lanes *here = (const lanes *)(ranks + row);                                                         \
            const size_t slot_size = ROWS * sizeof(rank_t) / sizeof(lanes);                                           \
            uint32_t count = (1u << levels) / 2;                                                                      \
            const struct node *level = nodes + count - 1;                                                             \
            for (uint32_t node = 0; node < count; node++)                                                             \
                found[node] = (rank_t)(2 * node) - (lanes)(here[level[node].slot * slot_size] > level[node].rank);    \
            while ((count /= 2)) {                                                                                    \
                level = nodes + count - 1;                                                                            \
                for (uint32_t node = 0; node < count; node++) {                                                       \
                    const lanes right = (lanes)(here[level[node].slot * slot_size] > level[node].rank);               \
                    found[node] = (found[2 * node] & ~right) | (found[2 * node + 1] & right);                         \
                }                                                                                                     \
            }                                                                                                         \
            memcpy(out + row, found, sizeof(lanes));                                                                  \
        }                                                                                                             \
    }
DEFINE_BELOW(below_wide, wide_lanes)
DEFINE_BELOW(below_narrow, narrow_lanes)

static inline ALWAYS_INLINE void
below(const struct node *nodes, uint32_t levels, const rank_t *ranks, int wide, leaf_t *places)
{
    if (wide)
        below_wide(nodes, levels, ranks, places);
    else
        below_narrow(nodes, levels, ranks, places);
}

static inline ALWAYS_INLINE void add_full(const struct run *run, const rank_t *ranks, int wide, sum_t (*added)[ROWS])
{
    const uint32_t depth = run->depth;
    const uint32_t inner = (1u << depth) - 1, ends = 1u << depth, levels = depth < HEAD ? depth : HEAD;
    const struct node *nodes = NODES + run->node;
    const sum_t *leaves = LEAVES + run->leaf;
    leaf_t places[ROWS] = {0};
    for (uint32_t tree = 0; tree < run->trees; tree++, nodes += inner, leaves += ends) {
        sum_t *out = added[PLACES[run->place + tree]];
        if (levels)
            below(nodes, levels, ranks, wide, places);
        for (uint32_t first = 0; first < ROWS; first += BESIDE) {
            const rank_t *flat = ranks + first;
            size_t at[BESIDE];
            UNROLLED
            for (uint32_t row = 0; row < BESIDE; row++)
                at[row] = places[first + row];
            for (uint32_t count = 1u << levels; count < ends; count *= 2) {
                const struct node *level = nodes + count - 1;
                UNROLLED
                for (uint32_t row = 0; row < BESIDE; row++)
                    at[row] = 2 * at[row] + (flat[(size_t)level[at[row]].slot * ROWS + row] > level[at[row]].rank);
            }
            UNROLLED
            for (uint32_t row = 0; row < BESIDE; row++)
                out[first + row] = leaves[at[row]];
        }
    }
}

/* A row at its leaf stays there, whatever is read on its behalf: the tables go on far enough. */
static inline ALWAYS_INLINE void add_deep(const struct run *run, const rank_t *ranks, int wide, sum_t (*added)[ROWS])
{
    const struct node *nodes = NODES + run->node;
    const child_t *children = CHILDREN + run->child;
    const sum_t *leaves = LEAVES + run->leaf;
    const size_t inner = run->inner, depth = run->depth;
    sum_t *out = added[PLACES[run->place]];
    leaf_t places[ROWS];
    below(nodes, HEAD, ranks, wide, places);
    for (uint32_t first = 0; first < ROWS; first += BESIDE) {
        const rank_t *flat = ranks + first;
        COMPUTED(flat);
        size_t at[BESIDE];
        UNROLLED
        for (uint32_t row = 0; row < BESIDE; row++)
            at[row] = children[places[first + row]];
        size_t going = 1;
        for (size_t level = HEAD, pause; level < depth && going; level = pause) {
            pause = depth - level < UNASKED ? depth : level + UNASKED;
            for (size_t here = level; here < pause; here++) {
                UNROLLED
                for (uint32_t row = 0; row < BESIDE; row++) {
                    const struct node *node = nodes + at[row];
                    const size_t right = flat[(size_t)node->slot * ROWS + row] > node->rank;
                    size_t next = children[2 * (at[row] - LOWEST_IN_HEAD) + right];
                    COMPUTED(next);
                    at[row] = at[row] < inner ? next : at[row];
                }
            }
            going = 0;
            UNROLLED
            for (uint32_t row = 0; row < BESIDE; row++)
                going |= at[row] < inner;
        }
        UNROLLED
        for (uint32_t row = 0; row < BESIDE; row++)
            out[first + row] = leaves[at[row] - inner];
    }
}

static inline ALWAYS_INLINE void
rows_answers(const float *rows, uint32_t count, rank_t *ranks, int wide, float *out)
{
    sum_t sums[GROUPS][ROWS], added[BLOCK][ROWS], one[GROUPS];
    for (uint32_t column = 0; column < COLUMNS; column++)
        for (uint32_t row = 0; row < ROWS; row++) {
            const float given = rows[(size_t)(row < count ? row : 0) * WIDTH + COLUMN[column]];
            const float value = TAKEN(column, given);
            rank_t *const left = ranks + (size_t)column * ROWS + row;
            rank_value(column, value, wide, left, left + (size_t)COLUMNS * ROWS);
        }
    for (int group = 0; group < GROUPS; group++)
        for (int row = 0; row < ROWS; row++)
            sums[group][row] = MARGINS[group];
    for (uint32_t block = 0, tree = 0; block < BLOCKS; block++) {
        const uint32_t end = tree + BLOCK < TREES ? tree + BLOCK : TREES;
        for (uint32_t run = FIRST_RUN[block]; run < FIRST_RUN[block + 1]; run++)
            if (RUNS[run].inner)
                add_deep(&RUNS[run], ranks, wide, added);
            else
                add_full(&RUNS[run], ranks, wide, added);
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

#if defined(WITH_AVX2)
__attribute__((target("avx2")))
static void predict_rows_avx2(const float *rows, uint32_t count, rank_t *ranks, float *out)
{
    rows_answers(rows, count, ranks, 1, out);
}
#else
#define predict_rows_avx2 predict_rows
#endif

static void predict_rows(const float *rows, uint32_t count, rank_t *ranks, float *out)
{
    rows_answers(rows, count, ranks, 0, out);
}

static int predict_many(const float *rows, size_t count, float *out)
{
    rank_t *ranks = NULL;
    void (*const predict)(const float *, uint32_t, rank_t *, float *) = HAS_AVX2 ? predict_rows_avx2 : predict_rows;
    if (posix_memalign((void **)&ranks, 64, sizeof(rank_t) * ROWS * (SLOTS + 1)))
        return 1;
    for (size_t row = 0; row < count; row += ROWS)
        predict(rows + row * WIDTH, count - row < ROWS ? (uint32_t)(count - row) : ROWS, ranks, out + row * OUTPUTS);
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

EXPORTED int model_predict(const float *rows, size_t count, float *scores)
{
#if SLOTS <= STACK_SLOTS
    if (count <= FEW) {
        rank_t ranks[SLOTS + 1];
        for (size_t row = 0; row < count; row++)
            (HAS_AVX2 ? predict_row_avx2 : predict_row)(rows + row * WIDTH, ranks, scores + row * OUTPUTS);
        return 0;
    }
#endif
    return predict_many(rows, count, scores);
}
