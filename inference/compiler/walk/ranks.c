/* The walk through the tables above. Included as text after them, so that one file is all that a build needs.

   A sum starts with its margin and takes the leaves in the order of the trees, in 32 bits as XGBoost does, or in 64 as
   LightGBM does, and so has the same bits. Build with -ffp-contract=off; no option that lets a compiler reorder sums. */

#define SLOTS (2 * COLUMNS)
#define STACK_SLOTS 32768
#define FEW_GROUPS 4 /* groups of thresholds that are quicker compared all than halved */
#define HEAD_NODES ((1u << HEAD) - 1)
#define LOWEST_IN_HEAD (HEAD_NODES / 2) /* the first node that names its children */

/* What compilers beyond C's standard have; -DMODEL_PORTABLE does without. */
#if defined(__GNUC__) && !defined(MODEL_PORTABLE)
#define WITH_VECTORS
#endif

#if defined(WITH_VECTORS)
#define ALWAYS_INLINE __attribute__((always_inline))
#define UNROLLED _Pragma("GCC unroll 8")
/* Has a number computed here: compilers would go around it with a branch, which processors guess wrong. */
#define COMPUTED(number) __asm__("" : "+r"(number))
#else
#define ALWAYS_INLINE
#define UNROLLED
#endif

/* What works on vectors is written for two sizes of them: `wide` ones, which AVX2 has, and narrow ones, which SSE2 and
   NEON have. Vectors larger than the processor's are taken apart into single numbers, which is slow. */
#if defined(WITH_VECTORS) && defined(__x86_64__)
#define WITH_AVX2
#define HAS_AVX2 __builtin_cpu_supports("avx2")
#else
#define HAS_AVX2 0
#endif

/* How many thresholds of whole groups a value reaches. */
#if defined(WITH_VECTORS)
#define DEFINE_COUNTED(name, size)                                                                                \
    static inline ALWAYS_INLINE uint32_t name(const float *cuts, uint32_t groups, float value)                    \
    {                                                                                                             \
        typedef float floats __attribute__((vector_size(size)));                                                  \
        typedef int32_t integers __attribute__((vector_size(size)));                                              \
        const uint32_t lanes = size / sizeof(float);                                                              \
        integers counts = {0};                                                                                    \
        uint32_t found = 0;                                                                                       \
        for (uint32_t cut = 0; cut < groups * CUTS_IN_GROUP; cut += lanes) {                                      \
            floats part;                                                                                          \
            memcpy(&part, cuts + cut, sizeof part);                                                               \
            counts -= value >= part;                                                                              \
        }                                                                                                         \
        for (uint32_t lane = 0; lane < lanes; lane++)                                                             \
            found += (uint32_t)counts[lane];                                                                      \
        return found;                                                                                             \
    }
DEFINE_COUNTED(counted_wide, 32)
DEFINE_COUNTED(counted_narrow, 16)
#else
static inline uint32_t counted_narrow(const float *cuts, uint32_t groups, float value)
{
    uint32_t found = 0;
    for (uint32_t cut = 0; cut < groups * CUTS_IN_GROUP; cut++)
        found += value >= cuts[cut];
    return found;
}
#define counted_wide counted_narrow
#endif

/* How many of the thresholds a value reaches; 0 for NaN. Thresholds come in whole groups, the last one filled up with NaN,
   which no value reaches. Has no branches that depend on the value. */
static inline ALWAYS_INLINE uint32_t reached(const float *cuts, uint32_t groups, float value, int wide)
{
    uint32_t first = 0;
    while (groups > FEW_GROUPS) {
        const uint32_t half = groups / 2;
        first += (0u - (uint32_t)(value >= cuts[(first + half) * CUTS_IN_GROUP - 1])) & half;
        groups -= half;
    }
    first *= CUTS_IN_GROUP;
    return first + (wide ? counted_wide : counted_narrow)(cuts + first, groups, value);
}

static inline ALWAYS_INLINE void rank_value(uint32_t column, float value, int wide, rank_t *left, rank_t *right)
{
    const uint32_t start = STARTS[column];
    const uint32_t found = reached(CUTS + (size_t)start * CUTS_IN_GROUP, STARTS[column + 1] - start, value, wide);
    const rank_t rank = (rank_t)((int64_t)found + RANK_LOWEST);
    *left = rank;
    *right = value != value ? RANK_HIGHEST : rank;
}
