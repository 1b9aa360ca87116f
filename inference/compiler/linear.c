/* Sums products in 64 bits, in the order in which numpy sums a row: eight sums side by side, joined in pairs, and long
   rows by halves. Build with -ffp-contract=off. */

static double sum_of_products(const float *row, const double *weights, size_t count)
{
    if (count > 128) {
        size_t half = count / 2;
        half -= half % 8;
        return sum_of_products(row, weights, half) + sum_of_products(row + half, weights + half, count - half);
    }
    double total = 0.0;
    size_t place = 0;
    if (count >= 8) {
        double part[8];
        for (; place < 8; place++)
            part[place] = (double)row[place] * weights[place];
        for (; place < count - count % 8; place += 8)
            for (size_t lane = 0; lane < 8; lane++)
                part[lane] += (double)row[place + lane] * weights[place + lane];
        total = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    }
    for (; place < count; place++)
        total += (double)row[place] * weights[place];
    return total;
}

#if LINK == LINK_SOFTMAX
static double sum_of(const double *values, size_t count)
{
    if (count > 128) {
        size_t half = count / 2;
        half -= half % 8;
        return sum_of(values, half) + sum_of(values + half, count - half);
    }
    double total = 0.0;
    size_t place = 0;
    if (count >= 8) {
        double part[8];
        for (; place < 8; place++)
            part[place] = values[place];
        for (; place < count - count % 8; place += 8)
            for (size_t lane = 0; lane < 8; lane++)
                part[lane] += values[place + lane];
        total = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
    }
    for (; place < count; place++)
        total += values[place];
    return total;
}
#endif

EXPORTED int model_predict(const float *rows, size_t count, float *scores)
{
    for (size_t row = 0; row < count; row++, rows += WIDTH, scores += OUTPUTS) {
        double margins[OUTPUTS];
        for (size_t output = 0; output < OUTPUTS; output++)
            margins[output] = sum_of_products(rows, COEFFICIENTS + output * WIDTH, WIDTH) + INTERCEPTS[output];
#if LINK == LINK_IDENTITY
        scores[0] = (float)margins[0];
#elif LINK == LINK_SIGMOID
        double margin = margins[0];
        margin = margin < -700.0 ? -700.0 : margin > 700.0 ? 700.0 : margin;
        scores[0] = (float)(1.0 / (1.0 + exp(-margin)));
#else
        double largest = margins[0];
        for (size_t output = 1; output < OUTPUTS; output++)
            largest = margins[output] > largest || margins[output] != margins[output] ? margins[output] : largest;
        for (size_t output = 0; output < OUTPUTS; output++)
            margins[output] = exp(margins[output] - largest);
        const double total = sum_of(margins, OUTPUTS);
        for (size_t output = 0; output < OUTPUTS; output++)
            scores[output] = (float)(margins[output] / total);
#endif
    }
    return 0;
}
