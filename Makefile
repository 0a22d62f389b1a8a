# make            build every pair and ./portolan
# make run        play lesson 1: both halves side by side
# make test       build, then run the tests (make check is the same)
# make bench      how fast we are beside our peers, as ratios
# make lint       the analysers and formatters, as in CI
# make fuzz       feed the parsers noise (needs clang; FUZZ_SECONDS=10 each)
# make install    to $(DESTDIR)$(PREFIX); make uninstall takes it away again
# make clean      leaves my/ alone
# make SAN=1 ...  the same with the address and undefined-behaviour sanitizers
# make V=1 ...    with every command in full
#
# A new lesson needs no change here: its files are found by their names.

# A line a file; with V=1 the whole command, with -s nothing.
ifndef V
Q        = @
ifeq ($(findstring s,$(filter-out -%,$(firstword $(MAKEFLAGS)))),)
SAY      = $(info $()   $(1))
endif
endif

# Both cores by default. Several goals at once (make clean test) stay in order.
ifeq ($(MAKELEVEL)$(word 2,$(MAKECMDGOALS)),0)
MAKEFLAGS += -j2
endif
.SUFFIXES:

PREFIX   = /usr/local
CFLAGS   = -O1 -g -pipe
WARNINGS = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 \
           -Wstrict-prototypes -Wmissing-prototypes -Wwrite-strings -Wvla
BUILD    = build
ifdef SAN
BUILD    = build/san
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all
endif
PLAIN    = $(CC) -std=c11 -D_POSIX_C_SOURCE=200809L -Ishared \
           $(WARNINGS) $(CFLAGS) $(CPPFLAGS)
COMPILE  = $(PLAIN) $(SANITIZE)
LINK     = $(COMPILE) $(LDFLAGS)
DEPEND   = $(if $(findstring tcc,$(CC)),,-MMD -MP)

PROGRAMS = $(patsubst %.c,$(BUILD)/%,$(wildcard client/*.c server/*.c))
SHARED   = $(patsubst %.c,$(BUILD)/%.o,$(wildcard shared/*.c)) $(BUILD)/texts.o
LIBRARY  = $(BUILD)/libshared.a
GUIDE    = $(patsubst %.c,$(BUILD)/%.o,$(wildcard lessons/guide/*.c))
PORTOLAN = $(patsubst build/portolan,portolan,$(BUILD)/portolan)
PAGES    = $(wildcard lessons/*.md lessons/*/README*.md \
                      lessons/*/exercises/*/README*.md)
TORTURE  = $(patsubst %.c,$(BUILD)/%.so,$(wildcard tests/torture*.c))
HELPERS  = $(patsubst %.c,$(BUILD)/%, \
             $(filter-out tests/torture%,$(wildcard tests/*.c)))
FUZZERS  = $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/*.c))

all: $(PROGRAMS) $(PORTOLAN)

$(PROGRAMS): $(BUILD)/%: $(BUILD)/%.o $(LIBRARY)
	$(call SAY,$@)
	$(Q)$(LINK) -o $@ $< $(LIBRARY)

$(PORTOLAN): $(BUILD)/libguide.a $(LIBRARY)
	$(call SAY,$@)
	$(Q)$(LINK) -o $@ $(BUILD)/libguide.a $(LIBRARY)

$(LIBRARY): $(SHARED)
$(BUILD)/libguide.a: $(GUIDE)
$(LIBRARY) $(BUILD)/libguide.a:
	@rm -f $@
	$(Q)$(AR) -crs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call SAY,$<)
	$(Q)$(COMPILE) $(DEPEND) -c -o $@ $<

$(BUILD)/texts.o: $(BUILD)/texts.c
	$(Q)$(COMPILE) -c -o $@ $<

# Written under another name first: an awk that fails leaves no half table.
$(BUILD)/texts.c: shared/text.awk $(PAGES)
	@mkdir -p $(@D)
	$(call SAY,lessons)
	$(Q)LC_ALL=C awk -f shared/text.awk $(PAGES) > $@.tmp
	@mv $@.tmp $@

run: all
	@./$(PORTOLAN) run 1

# What the tests start: programs of their own, and libraries to be preloaded.
$(HELPERS) $(FUZZERS): $(BUILD)/%: $(BUILD)/%.o $(BUILD)/libguide.a $(LIBRARY)
	$(Q)$(LINK) -o $@ $< $(BUILD)/libguide.a $(LIBRARY)

$(TORTURE): $(BUILD)/%.so: %.c
	@mkdir -p $(@D)
	$(Q)$(PLAIN) $(DEPEND) -shared -fPIC -o $@ $<

# Tests may call make themselves: it must not think that it is a part of us.
APART    = unset MAKEFLAGS MFLAGS MAKELEVEL SAN; BUILD=$(BUILD)

test check: all $(HELPERS) $(TORTURE)
	@$(APART) tests/bats.sh tests

# What portolan starts, and what exercises stand on, is of the plain build.
ifdef SAN
test check: plain
endif
plain:
	@$(MAKE) SAN= all

bench: all
	@$(APART) tests/bench/run.sh

lint:
	@$(APART) tests/lint.sh

fuzz:
	@$(MAKE) CC=clang BUILD=build/fuzz fuzzers \
	    SANITIZE=-fsanitize=address,undefined,fuzzer-no-link
	@tests/fuzz/run.sh build/fuzz/tests/fuzz

fuzzers: LDFLAGS += -fsanitize=fuzzer
fuzzers: $(FUZZERS)

# For `portolan check`: make -s exercise MY=/the/learner's/folder compiles the
# pair there, into .build/, with what is built here; it makes nothing else.
exercise: exercise-server exercise-client

exercise-server exercise-client: exercise-%:
	@mkdir -p "$${MY:?says whose folder}/.build" && rm -f "$$MY/.build/$*"
	@said=$$($(LINK) -o "$$MY/.build/$*" "$$MY/$*.c" $(LIBRARY) 2>&1); \
	    status=$$?; [ -z "$$said" ] || \
	    printf '%s\n' "$$said" | awk '{ my = ENVIRON["MY"] "/"; \
	        while (i = index($$0, my)) \
	            $$0 = substr($$0, 1, i - 1) substr($$0, i + length(my)); \
	        print }' >&2; \
	    exit $$status

# What is needed to run lies in one folder, which looks like this one.
HOME_DIR = $(DESTDIR)$(PREFIX)/lib/portolan
INSTALL  = Makefile LICENSE client server shared lessons tests/bats.sh \
           $(wildcard tests/*.bash) $(LIBRARY) $(PROGRAMS) $(PORTOLAN)

install: all
	rm -rf "$(HOME_DIR)"
	mkdir -p "$(DESTDIR)$(PREFIX)/bin"
	set -e; for each in $(INSTALL); do \
	    mkdir -p "$(HOME_DIR)/$$(dirname $$each)"; \
	    cp -R $$each "$(HOME_DIR)/$$each"; \
	done
	chmod -R u=rwX,go=rX "$(HOME_DIR)"
	ln -sf ../lib/portolan/portolan "$(DESTDIR)$(PREFIX)/bin/portolan"

uninstall:
	rm -rf "$(HOME_DIR)"
	rm -f "$(DESTDIR)$(PREFIX)/bin/portolan"

clean:
	rm -rf build portolan

.PHONY: all run test check bench lint fuzz fuzzers install uninstall clean \
        plain exercise exercise-server exercise-client
.SECONDARY:
ifneq ($(MAKECMDGOALS),exercise)
-include $(wildcard $(patsubst %.o,%.d,$(SHARED) $(GUIDE)) \
                    $(patsubst %,%.d,$(PROGRAMS) $(HELPERS) $(FUZZERS)) \
                    $(TORTURE:.so=.d))
endif
