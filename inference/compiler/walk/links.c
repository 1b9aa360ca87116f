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
