/* Scores rows of features, one a line, numbers separated by commas (nan where one is missing), from standard input:

       gcc -O2 -o example example.c ./compiled.so -lm && ./example < features.csv

   Features are what ./run makes of raw rows; features.json says how. */

#include <stdio.h>
#include <stdlib.h>
#include "model.h"

int main(void)
{
    float row[MODEL_WIDTH], scores[MODEL_OUTPUTS];
    for (;;) {
        for (int place = 0; place < MODEL_WIDTH; place++) {
            if (scanf(place ? " , %f" : "%f", &row[place]) != 1)
                return place ? 1 : 0;
        }
        if (model_predict(row, 1, scores))
            return 1;
        for (int place = 0; place < MODEL_OUTPUTS; place++)
            printf("%s%.9g", place ? "," : "", (double)scores[place]);
        printf("\n");
    }
}
