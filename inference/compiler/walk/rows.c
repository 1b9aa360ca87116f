/* Many rows, ROWS of them through a block of trees at a time. The first levels of a tree are asked whole, by vector
   instructions; below them each row goes its own way, with BESIDE rows side by side so that their waits for memory
   overlap. */

#define ROWS 64
#define BESIDE 8
#define EACH_BESIDE(DO) DO(0) DO(1) DO(2) DO(3) DO(4) DO(5) DO(6) DO(7)
#define UNASKED 4 /* levels, after which it is asked whether all rows are at their leaves */
#define FEW 10 /* rows that are quicker one by one */
#define MANY_GROUPS 64 /* groups of thresholds that are quicker halved than all compared */

#if defined(WITH_VECTORS)

/* What ROWS rows have on their way: their values in one column and how many groups of its thresholds these are beyond,
   their ranks, where they come out below the first levels of each tree of a block, what its leaves add, and the sums. */
struct rows {
    float values[ROWS];
    uint32_t beyond[ROWS];
    rank_t ranks[(SLOTS + 1) * ROWS];
    leaf_t places[BLOCK][ROWS];
    sum_t added[BLOCK][ROWS], sums[GROUPS][ROWS];
};

#endif
