# make            build every pair and ./portolan
# make run        play lesson 1: both halves side by side
# make test       build, then run the tests (make check is the same)
# make bench      how fast we are beside our peers, as ratios
# make lint       the analysers and formatters, as in CI
# make fuzz       feed the parsers noise (needs clang)
# make install    to $(DESTDIR)$(PREFIX); make uninstall takes it away again
# make clean
# make SAN=1 ...  the same with the address and undefined-behaviour sanitizers
#
# A new lesson needs no change here: its files are found by their names.

# Both cores by default: a whole build should not take a breath.
MAKEFLAGS += -j2

PREFIX   = /usr/local
CFLAGS   = -O1 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 \
           -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla
BUILD    = build
ifdef SAN
BUILD    = build/san
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all
endif
COMPILE  = $(CC) -std=c11 -D_POSIX_C_SOURCE=200809L -Ishared \
           $(WARNINGS) $(SANITIZE) $(CFLAGS) $(CPPFLAGS)
LINK     = $(COMPILE) $(LDFLAGS)

PROGRAMS = $(patsubst %.c,$(BUILD)/%,$(wildcard client/*.c server/*.c))
SHARED   = $(patsubst %.c,$(BUILD)/%.o,$(wildcard shared/*.c)) $(BUILD)/texts.o
GUIDE    = $(patsubst %.c,$(BUILD)/%.o,$(wildcard lessons/guide/*.c))
LIBRARY  = $(BUILD)/libshared.a
PAGES    = $(wildcard lessons/*.md lessons/*/README*.md \
                      lessons/*/exercises/*/README*.md)
BATS     = tests/bats.sh --jobs 1
ifdef SAN
PORTOLAN = $(BUILD)/portolan
else
PORTOLAN = portolan
endif

all: $(PROGRAMS) $(PORTOLAN)

run: all
	@./$(PORTOLAN) run 1

$(PORTOLAN): $(GUIDE) $(LIBRARY)
	$(LINK) -o $@ $(GUIDE) $(LIBRARY)

$(BUILD)/client/%: client/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(LINK) -MMD -MP -o $@ $< $(LIBRARY)

$(BUILD)/server/%: server/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(LINK) -MMD -MP -o $@ $< $(LIBRARY)

$(LIBRARY): $(SHARED)
	@rm -f $@
	$(AR) -crs $@ $(SHARED)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/texts.o: $(BUILD)/texts.c
	$(COMPILE) -c -o $@ $<

# Written under another name first: an awk that fails leaves no half table.
$(BUILD)/texts.c: shared/text.awk $(PAGES)
	@mkdir -p $(@D)
	LC_ALL=C awk -f shared/text.awk $(PAGES) > $@.tmp
	@mv $@.tmp $@

clean:
	rm -rf build portolan

.PHONY: all run clean
.SECONDARY:
-include $(wildcard $(BUILD)/*/*.d $(BUILD)/*/*/*.d)
