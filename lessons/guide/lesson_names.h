/* lesson_names.h - which lessons and exercises there are. The text table
 * knows: each has a title there.
 */
#ifndef LESSON_NAMES_H
#define LESSON_NAMES_H

#include <stddef.h>

/* The lesson called asked ("1", "01" or "01-first-connection"); NULL when
 * there is none. */
const char *lesson_find(const char *asked);

/* The lesson after name in order; the first one after NULL. NULL at the end. */
const char *lesson_next(const char *name);

/* The exercise of lesson called asked ("2" or "2-lost-bytes"), with its
 * lesson: "01-first-connection/2-lost-bytes". NULL when there is none. */
const char *exercise_find(const char *lesson, const char *asked);

/* The exercise after name ("01-first-connection/1-greeting") in its lesson;
 * the first one after NULL. NULL at the end. */
const char *exercise_next(const char *lesson, const char *name);

/* Its title in that language, with the newline. */
const char *title_of(const char *name, const char *language);

#endif
