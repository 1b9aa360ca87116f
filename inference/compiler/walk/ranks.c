/* The walk through the tables above. Included as text after them, so that one file is all that a build needs.

   A sum starts with its margin and takes the leaves in the order of the trees, in 32 bits as XGBoost does, or in 64 as
   LightGBM does, and so has the same bits. Build with -ffp-contract=off; no option that lets a compiler reorder sums. */

#define SLOTS (2 * COLUMNS)
#define STACK_SLOTS 32768
#define HEAD_NODES ((1u << HEAD) - 1)
#define LOWEST_IN_HEAD (HEAD_NODES / 2) /* the first node that names its children */

/* What compilers beyond C's standard have; -DMODEL_PORTABLE does without. */
#if defined(__GNUC__) && !defined(MODEL_PORTABLE)
#define WITH_VECTORS
#endif

#if defined(WITH_VECTORS)
#define ALWAYS_INLINE __attribute__((always_inline))
#define NEVER_INLINE __attribute__((noinline))
#define UNROLLED _Pragma("GCC unroll 8")
/* Has a number computed here: compilers would go around it with a branch, which processors guess wrong. */
#define COMPUTED(number) __asm__("" : "+r"(number))
#else
#define ALWAYS_INLINE
#define UNROLLED
#endif

#if defined(WITH_VECTORS) && defined(__x86_64__)
#define WITH_AVX2
#define HAS_AVX2 __builtin_cpu_supports("avx2")
#else
#define HAS_AVX2 0
#endif

/* How many of the thresholds of its group a value reaches, where it does not reach the last one. Has no branches that
   depend on the value, as what follows. */
static inline ALWAYS_INLINE uint32_t reached_in_group(const float *cuts, float value)
{
    uint32_t found = (uint32_t)(value >= cuts[3]) * 4;
    found += (uint32_t)(value >= cuts[found + 1]) * 2;
    return found + (value >= cuts[found]);
}

/* How many of a column's thresholds a value reaches; 0 for NaN. They come in groups of eight, the last one filled up with
   NaN, which no value reaches. */
static inline ALWAYS_INLINE uint32_t reached(const float *cuts, uint32_t groups, float value)
{
    uint32_t first = 0;
    while (groups > 1) {
        const uint32_t half = groups / 2;
        first += (0u - (uint32_t)(value >= cuts[(first + half) * CUTS_IN_GROUP - 1])) & half;
        groups -= half;
    }
    first *= CUTS_IN_GROUP;
    return first + reached_in_group(cuts + first, value);
}

static inline ALWAYS_INLINE void set_rank(float value, uint32_t found, rank_t *left, rank_t *right)
{
    const rank_t rank = (rank_t)((int64_t)found + RANK_LOWEST);
    *left = rank;
    *right = value != value ? RANK_HIGHEST : rank;
}
