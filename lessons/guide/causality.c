#include "causality.h"

#include <string.h>

bool step_is(const struct step_line *step, const char *kind)
{
    size_t length = strlen(kind);

    return strncmp(step->step, kind, length) == 0 &&
           (step->step[length] == '\0' || step->step[length] == '-');
}

static const struct flow *find(const struct causality *causality,
                               const struct endpoint *from,
                               const struct endpoint *to)
{
    for (size_t i = 0; i < causality->count; i++)
        if (endpoint_equal(&causality->flows[i].from, from) &&
            endpoint_equal(&causality->flows[i].to, to))
            return &causality->flows[i];
    return NULL;
}

/* The flow from one end to the other, made when it is new; NULL when there is
 * no room for it. */
static struct flow *flow(struct causality *causality,
                         const struct endpoint *from, const struct endpoint *to)
{
    const struct flow *found = find(causality, from, to);

    if (found == NULL && causality->count < FLOWS_MAX) {
        causality->flows[causality->count] =
            (struct flow){ .from = *from, .to = *to };
        found = &causality->flows[causality->count++];
    }
    return found != NULL ? &causality->flows[found - causality->flows] : NULL;
}

bool causality_allows(const struct causality *causality,
                      const struct step_line *step)
{
    if (step->remote.family == AF_UNSPEC || causality->count == FLOWS_MAX)
        return true;
    const struct flow *in = find(causality, &step->remote, &step->local);
    if (step_is(step, "accept"))
        return in != NULL;
    if (step_is(step, "recv") && step->has_bytes)
        return in != NULL && in->received + step->bytes <= in->sent;
    if (step_is(step, "recv"))
        return in != NULL && in->ended;
    return true;
}

bool causality_knows(const struct causality *causality,
                     const struct step_line *step)
{
    return find(causality, &step->remote, &step->local) != NULL;
}

void causality_note(struct causality *causality, const struct step_line *step)
{
    if (step->remote.family == AF_UNSPEC)
        return;
    struct flow *out = flow(causality, &step->local, &step->remote);
    if (out != NULL && step_is(step, "send"))
        out->sent += step->bytes;
    if (out != NULL && (step_is(step, "shutdown") || step_is(step, "close")))
        out->ended = true;
    if (!step_is(step, "recv") || !step->has_bytes)
        return;
    struct flow *in = flow(causality, &step->remote, &step->local);
    if (in != NULL)
        in->received += step->bytes;
}

bool causality_ended(const struct causality *causality,
                     const struct step_line *step)
{
    const struct flow *out = find(causality, &step->local, &step->remote);

    return out != NULL && out->ended;
}
