/* Reads rows of CSV into features, bit for bit as inference/rows.py does. Included as text after the model; what it reads
   by are tables that inference/reader makes of features.json when the library is loaded.

   Takes what is plain and no more: rows of the right width without quotes, numbers in decimal digits, texts that stand
   in the tables. At anything else it stops and leaves the row to Python, which knows what to make of it or to say. */

#include <stdio.h>

#define READER_VERSION 2
#define READER_NONE UINT32_MAX
#define READER_LONGEST_CELL 65535
#define READER_LONGEST_NUMBER 63
#define READER_MOST_FEATURES 8192 /* of a row that is answered at once, on the stack */
#define READER_MOST_OUTPUTS 1024
#define READER_LONGEST_WRITTEN 32

enum { READER_IGNORED, READER_NUMBER, READER_TEXT };

/* What a cell is turned into: `count` of the values from `value` on, from the column's feature `place` on. */
struct reader_action { uint32_t place, value, count; }; /* a count of READER_NONE: Python is asked */

struct reader_column {
    double low, high, mean, deviation;
    uint32_t kind, feature;
    uint32_t table;   /* of the texts known in this column alone; READER_NONE without any */
    uint32_t boolean; /* whether more spellings of yes and no than the table's are known */
    struct reader_action gap, other;
};

struct reader_table { uint32_t first, mask; }; /* its part of the slots, a power of two of them */

struct reader_text { uint32_t start, length, table; struct reader_action action; };

struct reader {
    uint32_t version, width, features, texts, missing;
    uint32_t tokens, names; /* tables: texts that mean no value, names of columns */
    uint32_t early; /* whether a name is empty or begins with a digit or what stands before digits */
    const struct reader_column *columns;
    const struct reader_table *tables;
    const struct reader_text *text;
    uint32_t *slots; /* the number of a text, from 1; 0 in free ones */
    const char *bytes;
    const float *values;
    const double *missing_numbers;
};

/* A text in an answer, and what follows it: the number of an output from 0 on, or one of these. */
enum { READER_LARGEST = -1, READER_OTHER = -2, READER_LABEL = -3, READER_END = -4 };

struct reader_piece { const char *text; uint32_t length; int32_t next; };

/* How one row is answered: pieces up to one with the end behind it, and the texts of the labels. Where there is one output,
   the second label is that of scores from the threshold on, and the other number is what is left to 1. */
struct reader_form {
    const struct reader *reader;
    const struct reader_piece *pieces, *labels;
    float threshold;
    char *out; /* room for all texts, the longest labels, numbers and the end */
};

static uint32_t reader_hash(const char *text, size_t length)
{
    const uint64_t factor = 0x9E3779B97F4A7C15u;
    uint64_t hash = length * factor, part;
    for (; length >= sizeof part; length -= sizeof part, text += sizeof part) {
        memcpy(&part, text, sizeof part);
        hash = (hash ^ part) * factor;
        hash ^= hash >> 32;
    }
    part = 0;
    memcpy(&part, text, length);
    hash = (hash ^ part) * factor;
    return (uint32_t)(hash >> 32);
}

static const struct reader_action *
reader_find(const struct reader *reader, uint32_t number, uint32_t hash, const char *text, size_t length)
{
    const struct reader_table *table = &reader->tables[number];
    const uint32_t *slots = reader->slots + table->first;
    for (uint32_t slot = hash & table->mask; slots[slot]; slot = (slot + 1) & table->mask) {
        const struct reader_text *known = &reader->text[slots[slot] - 1];
        if (known->length == length && !memcmp(reader->bytes + known->start, text, length))
            return &known->action;
    }
    return NULL;
}

/* Fills the slots, which are all free; called once before anything is read. Returns 0, or 1 for tables that are of
   another version or another model. */
EXPORTED int model_reader_index(const struct reader *reader)
{
    if (reader->version != READER_VERSION || reader->features != WIDTH)
        return 1;
    for (uint32_t number = 0; number < reader->texts; number++) {
        const struct reader_text *text = &reader->text[number];
        const struct reader_table *table = &reader->tables[text->table];
        uint32_t slot = reader_hash(reader->bytes + text->start, text->length) & table->mask;
        while (reader->slots[table->first + slot])
            slot = (slot + 1) & table->mask;
        reader->slots[table->first + slot] = number + 1;
    }
    return 0;
}

enum { READER_IS_NUMBER, READER_IS_NONE, READER_IS_UNSURE };

static inline int reader_digit(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

/* The number in a cell, rounded once. Up to 2^53 and with up to 22 places, digits and power of ten are exact. */
static int reader_number(const char *start, const char *end, double *found)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    const char *at = start;
    uint64_t digits = 0;
    int taken = 0, left_out = 0, any = 0, power = 0;
    const int negative = at < end && *at == '-';
    at += at < end && (*at == '-' || *at == '+');
    for (int fraction = 0;; at++) {
        if (reader_digit(at, end)) {
            any = 1;
            if (taken < 19) {
                digits = 10 * digits + (uint64_t)(*at - '0');
                taken += digits != 0;
                power -= fraction;
            } else {
                left_out = 1;
            }
        } else if (at < end && *at == '.' && !fraction) {
            fraction = 1;
        } else {
            break;
        }
    }
    if (!any)
        return READER_IS_NONE;
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        const int down = at < end && *at == '-';
        at += at < end && (*at == '-' || *at == '+');
        if (!reader_digit(at, end))
            return READER_IS_NONE;
        int exponent = 0;
        for (; reader_digit(at, end); at++)
            exponent = exponent < 10000 ? 10 * exponent + (*at - '0') : exponent;
        power += down ? -exponent : exponent;
    }
    if (at != end)
        return READER_IS_NONE;
    if (!left_out && digits <= (uint64_t)1 << 53 && power >= -22 && power <= 22) {
        const double value = power < 0 ? (double)digits / powers[-power] : (double)digits * powers[power];
        *found = negative ? -value : value;
        return READER_IS_NUMBER;
    }
    char text[READER_LONGEST_NUMBER + 1], *stop;
    const size_t length = (size_t)(end - start);
    if (length > READER_LONGEST_NUMBER)
        return READER_IS_UNSURE;
    memcpy(text, start, length);
    text[length] = 0;
    *found = strtod(text, &stop);
    /* It stops early where the program's locale writes numbers in another way. */
    return stop == text + length && *found - *found == 0.0 ? READER_IS_NUMBER : READER_IS_UNSURE;
}

/* Whether bytes are UTF-8 as Python reads it: no longer forms than needed, no surrogates, nothing above U+10FFFF. */
static int reader_utf8(const unsigned char *at, const unsigned char *end)
{
    while (at < end) {
        const unsigned char lead = *at++;
        if (lead < 0x80)
            continue;
        const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
        if (lead < 0xC2 || lead > 0xF4 || end - at < more)
            return 0;
        const unsigned char lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        const unsigned char highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (at[0] < lowest || at[0] > highest)
            return 0;
        for (int place = 1; place < more; place++)
            if (at[place] < 0x80 || at[place] > 0xBF)
                return 0;
        at += more;
    }
    return 1;
}

/* Whether a text may have white space of other alphabets around it, or is no text. */
static int reader_is_odd(const char *start, const char *end)
{
    const unsigned char *first = (const unsigned char *)start, *last = (const unsigned char *)end;
    return first < last && ((first[0] | last[-1]) & 0x80 || !reader_utf8(first, last));
}

/* Whether a text that is in no table may be a spelling of one that is. */
static int reader_may_be_known(const struct reader_column *column, const char *text, size_t length)
{
    if (column->boolean)
        return length < 6;
    const char first = length ? (char)(*text | 32) : 0;
    return (length == 4 || length == 5) && (first == 't' || first == 'f');
}

static int reader_apply(const struct reader *reader, const struct reader_action *action, float *features)
{
    if (action->count == READER_NONE)
        return 0;
    for (uint32_t each = 0; each < action->count; each++)
        features[action->place + each] = reader->values[action->value + each];
    return 1;
}

/* Turns a cell, without white space around it, into features; returns 0 where it is Python's. */
static int reader_cell(
    const struct reader *reader, const struct reader_column *column, const char *start, const char *end, int high,
    float *features)
{
    if (column->kind == READER_NUMBER) {
        double value;
        const int kind = reader_number(start, end, &value);
        if (kind == READER_IS_UNSURE)
            return 0;
        if (kind == READER_IS_NUMBER) {
            for (uint32_t each = 0; each < reader->missing; each++)
                if (value == reader->missing_numbers[each])
                    return reader_apply(reader, &column->gap, features);
            value = value < column->low ? column->low : value > column->high ? column->high : value;
            features[0] = (float)((value - column->mean) / column->deviation);
            return 1;
        }
    }
    const size_t length = (size_t)(end - start);
    const uint32_t hash = reader_hash(start, length);
    if (column->table != READER_NONE) {
        const struct reader_action *found = reader_find(reader, column->table, hash, start, length);
        if (found)
            return reader_apply(reader, found, features);
    }
    if (reader_find(reader, reader->tokens, hash, start, length))
        return reader_apply(reader, &column->gap, features);
    if ((high && reader_is_odd(start, end)) || reader_may_be_known(column, start, length))
        return 0;
    return reader_apply(reader, &column->other, features);
}

/* Reads one row into features; returns what follows it, NULL where it is Python's. The first row of a body may be a
   header: one that holds a column's name is Python's. */
static const char *
reader_row(const struct reader *reader, const char *at, const char *end, int may_be_header, float *features)
{
    memset(features, 0, sizeof(float) * reader->features);
    for (uint32_t place = 0; place < reader->width; place++) {
        const struct reader_column *column = &reader->columns[place];
        const char *start = at, *stop;
        unsigned char high = 0;
        for (; at < end; at++) {
            const unsigned char byte = (unsigned char)*at;
            if (byte > ',') {
                high |= byte & 0x80;
                continue;
            }
            if (byte == ',' || byte == '\n' || byte == '\r')
                break;
            if (byte == '"' || (byte < ' ' && byte != '\t'))
                return NULL;
        }
        stop = at;
        if (stop - start > READER_LONGEST_CELL)
            return NULL;
        if (place + 1 < reader->width) {
            if (at == end || *at != ',')
                return NULL;
            at++;
        } else if (at < end) {
            if (*at == '\r' && ++at == end)
                return NULL;
            if (*at != '\n')
                return NULL;
            at++;
        }
        for (; start < stop && (*start == ' ' || *start == '\t'); start++)
            ;
        for (; start < stop && (stop[-1] == ' ' || stop[-1] == '\t'); stop--)
            ;
        const size_t length = (size_t)(stop - start);
        if (may_be_header && (reader->early || (length && (unsigned char)*start > '9'))
            && reader_find(reader, reader->names, reader_hash(start, length), start, length))
            return NULL;
        if (column->kind == READER_IGNORED) {
            if (high && reader_is_odd(start, stop))
                return NULL;
        } else if (!reader_cell(reader, column, start, stop, high, features + column->feature)) {
            return NULL;
        }
    }
    return at;
}

/* Reads up to `most` rows from `*at` on; returns how many, and in `*at` where the next one starts. Stops at a row that is
   Python's. Lines without anything are no rows. */
EXPORTED size_t model_reader_rows(
    const struct reader *reader, const char *text, size_t length, size_t *at, size_t most, int may_be_header,
    float *features)
{
    const char *here = text + *at, *end = text + length;
    size_t count = 0;
    while (count < most) {
        while (here < end && (*here == '\n' || (*here == '\r' && end - here > 1 && here[1] == '\n')))
            here += 1 + (*here == '\r');
        if (here == end)
            break;
        const char *next = reader_row(reader, here, end, may_be_header && !count, features + count * reader->features);
        if (!next)
            break;
        here = next;
        count++;
    }
    *at = (size_t)(here - text);
    return count;
}

/* The fewest digits that give a finite number's 32 bits back, and the power of ten of the first one; returns how many. */
static int reader_shortest(double size, char *digits, int *exponent)
{
    char text[READER_LONGEST_WRITTEN];
    int count = 9;
    snprintf(text, sizeof text, "%.8e", size);
    while (count > 1) {
        char shorter[READER_LONGEST_WRITTEN];
        snprintf(shorter, sizeof shorter, "%.*e", count - 2, size);
        if (strtof(shorter, NULL) != (float)size)
            break;
        memcpy(text, shorter, sizeof text);
        count--;
    }
    digits[0] = text[0];
    for (int place = 1; place < count; place++)
        digits[place] = text[place + 1];
    *exponent = atoi(text + (count > 1 ? count + 1 : 1) + 1);
    return count;
}

#ifdef __SIZEOF_INT128__
/* The same in whole numbers, and many times as fast; returns 0 for a number outside of 0.0001 to 2^24. */
static int reader_shortest_exact(double size, char *digits, int *exponent)
{
    static const double bounds[] = {1e-4, 1e-3, 1e-2, 1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 16777216.0};
    const float number = (float)size;
    int first = -4, places, count = 0;
    uint32_t bits;
    if (!(size >= bounds[0] && size < bounds[12]))
        return 0;
    for (; size >= bounds[first + 5]; first++)
        ;
    memcpy(&bits, &number, sizeof bits);
    /* The number is mantissa / 2^shift; its neighbours are 1 / 2^shift away. */
    const uint64_t mantissa = (bits & 0x7FFFFF) | 0x800000;
    const int shift = 150 - (int)(bits >> 23);
    uint64_t power = 1, found = 0;
    for (places = 8 - first; count < places; count++)
        power *= 10;
    for (; places >= 0; places--, power /= 10) {
        const unsigned __int128 scaled = (unsigned __int128)mantissa * power, half = ((unsigned __int128)1 << shift) >> 1;
        const unsigned __int128 below = scaled >> shift, rest = scaled - (below << shift);
        const uint64_t rounded = (uint64_t)below + (rest > half || (rest == half && half && (below & 1)));
        const unsigned __int128 back = (unsigned __int128)rounded << shift;
        const unsigned __int128 away = 2 * (back > scaled ? back - scaled : scaled - back);
        if (away > power || (away == power && mantissa & 1))
            break;
        found = rounded;
    }
    for (; found % 10 == 0; found /= 10)
        places--;
    char text[READER_LONGEST_WRITTEN], *at = text + sizeof text;
    for (; found; found /= 10)
        *--at = (char)('0' + found % 10);
    count = (int)(text + sizeof text - at);
    memcpy(digits, at, (size_t)count);
    *exponent = count - 2 - places;
    return count;
}
#endif

/* Writes a finite number with the fewest digits that give the same 32 bits back, as numpy does; returns its length, or 0
   for a number next to which those below are closer than those above. */
static size_t reader_write(float value, char *out)
{
    char digits[READER_LONGEST_WRITTEN], *to = out;
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (!(bits & 0x7FFFFF))
        return 0;
    const double size = value < 0 ? -(double)value : (double)value;
    int exponent, count = 0;
#ifdef __SIZEOF_INT128__
    count = reader_shortest_exact(size, digits, &exponent);
#endif
    if (!count)
        count = reader_shortest(size, digits, &exponent);
    if (value < 0)
        *to++ = '-';
    if (size < 1e-4 || size >= 1e16) {
        *to++ = digits[0];
        if (count > 1)
            *to++ = '.';
        memcpy(to, digits + 1, (size_t)count - 1);
        to += count - 1;
        to += snprintf(to, 8, "e%+03d", exponent);
    } else if (exponent < 0) {
        *to++ = '0';
        *to++ = '.';
        for (int zero = -1; zero > exponent; zero--)
            *to++ = '0';
        memcpy(to, digits, (size_t)count);
        to += count;
    } else {
        for (int place = 0; place < count || place <= exponent + 1; place++) {
            if (place == exponent + 1)
                *to++ = '.';
            *to++ = place < count ? digits[place] : '0';
        }
    }
    return (size_t)(to - out);
}

/* The answer to a body of one row, a text that ends with 0 and stays until the next one; NULL where it is Python's. */
EXPORTED const char *model_reader_answer(const struct reader_form *form, const char *text, size_t length)
{
#if OUTPUTS <= READER_MOST_OUTPUTS && WIDTH <= READER_MOST_FEATURES
    float features[WIDTH + 1], scores[OUTPUTS];
    const char *end = text + length;
    if (!length || (unsigned char)*text == 0xEF || *text == '\n' || *text == '\r')
        return NULL;
    for (const char *rest = reader_row(form->reader, text, end, 1, features); rest != end; rest++)
        if (!rest || (*rest != '\n' && *rest != '\r'))
            return NULL;
    if (model_predict(features, 1, scores))
        return NULL;
    uint32_t largest = 0;
    for (uint32_t each = 0; each < OUTPUTS; each++) {
        if (scores[each] - scores[each] != 0.0f)
            return NULL;
        largest = scores[each] > scores[largest] ? each : largest;
    }
    const uint32_t label = OUTPUTS > 1 ? largest : scores[0] >= form->threshold;
    char *to = form->out;
    for (const struct reader_piece *piece = form->pieces;; piece++) {
        memcpy(to, piece->text, piece->length);
        to += piece->length;
        if (piece->next == READER_END)
            break;
        if (piece->next == READER_LABEL) {
            memcpy(to, form->labels[label].text, form->labels[label].length);
            to += form->labels[label].length;
            continue;
        }
        const size_t written = reader_write(
            piece->next == READER_LARGEST ? scores[largest] : piece->next == READER_OTHER ? 1.0f - scores[0]
                                                                                         : scores[piece->next], to);
        if (!written)
            return NULL;
        to += written;
    }
    *to = 0;
    return form->out;
#else
    (void)form, (void)text, (void)length;
    return NULL;
#endif
}
