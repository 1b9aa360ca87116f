/* Many rows: their ranks, then block by block the first levels of its trees by vectors, what is below them, the sums. */

#if defined(WITH_VECTORS)

#if !defined(WITH_AVX2)
#define pass_wide pass_narrow
#define pass_heads_wide pass_heads_narrow
#endif

/* The ranks of ROWS rows; where there are fewer, of the first one in their place. */
static void rank_rows(const float *from, uint32_t count, int wide, struct rows *rows)
{
    for (uint32_t column = 0; column < COLUMNS; column++) {
        const uint32_t start = STARTS[column], groups = STARTS[column + 1] - start;
        const float *cuts = CUTS + (size_t)start * CUTS_IN_GROUP;
        rank_t *left = rows->ranks + (size_t)column * ROWS, *right = left + (size_t)COLUMNS * ROWS;
        for (uint32_t row = 0; row < ROWS; row++) {
            const float given = from[(size_t)(row < count ? row : 0) * WIDTH + COLUMN[column]];
            rows->values[row] = TAKEN(column, given);
        }
        if (groups > MANY_GROUPS) {
            for (uint32_t row = 0; row < ROWS; row++)
                set_rank(rows->values[row], reached(cuts, groups, rows->values[row]), left + row, right + row);
            continue;
        }
        (wide ? pass_wide : pass_narrow)(cuts, groups, rows);
        for (uint32_t row = 0; row < ROWS; row++) {
            const float value = rows->values[row];
            const uint32_t first = rows->beyond[row] * CUTS_IN_GROUP;
            set_rank(value, first + reached_in_group(cuts + first, value), left + row, right + row);
        }
    }
}

/* Complete trees of one depth. */
static inline ALWAYS_INLINE void add_full(const struct run *run, struct rows *rows)
{
    const uint32_t ends = 1u << run->depth;
    const struct node *nodes = NODES + run->node;
    const sum_t *leaves = LEAVES + run->leaf;
    for (uint32_t tree = 0; tree < run->trees; tree++, nodes += ends - 1, leaves += ends) {
        const uint32_t place = PLACES[run->place + tree];
        const leaf_t *places = rows->places[place];
        sum_t *out = rows->added[place];
        for (uint32_t first = 0; first < ROWS; first += BESIDE, places += BESIDE, out += BESIDE) {
            const rank_t *ranks = rows->ranks + first;
#define START(row) size_t at##row = places[row];
            EACH_BESIDE(START)
#undef START
            for (uint32_t count = 1u << HEAD; count < ends; count *= 2) {
                const struct node *level = nodes + count - 1;
#define DOWN(row) at##row = 2 * at##row + (ranks[(size_t)level[at##row].slot * ROWS + row] > level[at##row].rank);
                EACH_BESIDE(DOWN)
#undef DOWN
            }
#define END(row) out[row] = leaves[at##row];
            EACH_BESIDE(END)
#undef END
        }
    }
}

/* A tree that is complete in its first levels alone. A row at its leaf stays there, whatever is read on its behalf: the
   tables go on far enough. */
static inline ALWAYS_INLINE void add_deep(const struct run *run, struct rows *rows)
{
    const struct node *nodes = NODES + run->node;
    const child_t *children = CHILDREN + run->child;
    const sum_t *leaves = LEAVES + run->leaf;
    const size_t inner = run->inner, depth = run->depth;
    const leaf_t *places = rows->places[PLACES[run->place]];
    sum_t *out = rows->added[PLACES[run->place]];
    COMPUTED(nodes);
    COMPUTED(children);
    for (uint32_t first = 0; first < ROWS; first += BESIDE, places += BESIDE, out += BESIDE) {
        const rank_t *ranks = rows->ranks + first;
        size_t level = HEAD, going = 1;
        COMPUTED(ranks);
#define START(row) size_t at##row = children[places[row]];
        EACH_BESIDE(START)
#undef START
        while (level < depth && going) {
            const size_t pause = depth - level < UNASKED ? depth : level + UNASKED;
            for (; level < pause; level++) {
#define DOWN(row)                                                                                                     \
    {                                                                                                                 \
        const struct node *node = nodes + at##row;                                                                    \
        const size_t right = ranks[(size_t)node->slot * ROWS + row] > node->rank;                                     \
        size_t next = children[2 * (at##row - LOWEST_IN_HEAD) + right];                                               \
        COMPUTED(next);                                                                                               \
        at##row = at##row < inner ? next : at##row;                                                                   \
    }
                EACH_BESIDE(DOWN)
#undef DOWN
            }
            going = 0;
#define ASK(row) going |= at##row < inner;
            EACH_BESIDE(ASK)
#undef ASK
        }
#define END(row) out[row] = leaves[at##row - inner];
        EACH_BESIDE(END)
#undef END
    }
}

/* Adds the leaves of a block's trees, in their order. */
static inline ALWAYS_INLINE void add_up(uint32_t tree, uint32_t end, struct rows *rows)
{
    typedef sum_t lanes __attribute__((vector_size(16), may_alias));
    for (uint32_t place = 0; tree < end; tree++, place++) {
        lanes *sums = (lanes *)rows->sums[GROUP_OF(tree)];
        const lanes *added = (const lanes *)rows->added[place];
        UNROLLED
        for (uint32_t part = 0; part < ROWS * sizeof(sum_t) / sizeof(lanes); part++)
            sums[part] += added[part];
    }
}

static void rows_answers(const float *from, uint32_t count, int wide, struct rows *rows, float *out)
{
    rank_rows(from, count, wide, rows);
    for (uint32_t group = 0; group < GROUPS; group++)
        for (uint32_t row = 0; row < ROWS; row++)
            rows->sums[group][row] = MARGINS[group];
    for (uint32_t block = 0; block < BLOCKS; block++) {
        const uint32_t tree = block * BLOCK, end = tree + BLOCK < TREES ? tree + BLOCK : TREES;
        const struct run *run = RUNS + FIRST_RUN[block], *last = RUNS + FIRST_RUN[block + 1];
        (wide ? pass_heads_wide : pass_heads_narrow)(run, last, rows);
        for (; run < last; run++)
            if (ALL_FULL || (!ALL_DEEP && !run->inner))
                add_full(run, rows);
            else
                add_deep(run, rows);
        add_up(tree, end, rows);
    }
    for (uint32_t row = 0; row < count; row++) {
        sum_t sums[GROUPS];
        for (uint32_t group = 0; group < GROUPS; group++)
            sums[group] = rows->sums[group][row];
        answer(sums, out + (size_t)row * OUTPUTS);
    }
}

#endif

static int predict_many(const float *from, size_t count, float *out)
{
#if defined(WITH_VECTORS)
    const int wide = HAS_AVX2;
    void *memory;
    if (posix_memalign(&memory, 64, sizeof(struct rows)))
        return 1;
    rank_t *ranks = ((struct rows *)memory)->ranks;
    while (count > FEW) {
        const uint32_t taken = count < ROWS ? (uint32_t)count : ROWS;
        rows_answers(from, taken, wide, memory, out);
        from += (size_t)taken * WIDTH, out += (size_t)taken * OUTPUTS, count -= taken;
    }
#else
    void *memory = malloc(sizeof(rank_t) * (SLOTS + 1));
    rank_t *ranks = memory;
    if (!memory)
        return 1;
#endif
    for (; count; from += WIDTH, out += OUTPUTS, count--)
        predict_row(from, ranks, out);
    free(memory);
    return 0;
}

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
