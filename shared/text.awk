# Turn the marked paragraphs of lessons/ into a C table (shared/text.h).
#
#   <!-- step server/01-first-connection bind -->   a step's text
#   <!-- text errors EADDRINUSE -->                 any other text of the suite
#   <!-- hint 1 -->  <!-- check answers -->         an exercise's, by its folder
#   <!-- end -->                                    ends each of them
#
# The first heading of a README is the title of its lesson or exercise. These
# two stand alone; the tests read the first, `portolan run` the second:
#
#   <!-- from FILE -->                              the next block quotes FILE
#   <!-- transcript COMMAND -->                     the next block is its output
#   <!-- play WORDS -->                             how the lesson's pair is run
#
# Markers are HTML comments, so that a Markdown viewer does not show them.
function fail(why) {
	print FILENAME ":" FNR ": " why > "/dev/stderr"
	failed = 1
	exit 1
}
# One character at a time: awks disagree on backslashes in a gsub replacement.
# A question mark is escaped too, or "??(" would be a trigraph in C11.
function c_string(s,    i, c, out) {
	if (index(s, "\r")) fail("a carriage return within a line")
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		out = out (c ~ /["\\?]/ ? "\\" c : c)
	}
	return "\"" out "\\n\""
}
function begin(topic, key) {
	if (topic "" == "") fail("this marker belongs to a lesson's README")
	if (topic "/" key !~ "^[A-Za-z0-9_./-]+$")
		fail("a name has letters, digits and _ . / - only: " topic " " key)
	if ((topic, key, language) in seen)
		fail("second text for " topic " " key " (" language ")")
	seen[topic, key, language] = 1
	printf "\t{ \"%s\", \"%s\", \"%s\",\n", topic, key, language
}
function one_line(topic, key, line) {
	begin(topic, key)
	print "\t  " c_string(line) " },"
}
BEGIN {
	print "/* Made from lessons/ by shared/text.awk: edit those. */"
	print "#include \"text.h\""
	print "const struct text texts[] = {"
}
{ sub(/\r$/, "") } # a page that went through Windows
FNR == 1 {
	if (open) fail("the file before this one lacks <!-- end -->")
	language = FILENAME ~ /\.pt-BR\.md$/ ? "pt-BR" : "en"
	fenced = titled = 0
	# lessons/01-a/README.md is "01-a", its exercises/1-b "01-a/1-b"
	folder = ""
	if (FILENAME ~ /\/README(\.pt-BR)?\.md$/) {
		folder = FILENAME
		sub(/.*lessons\//, "", folder)
		sub(/\/README(\.pt-BR)?\.md$/, "", folder)
		sub(/\/exercises\//, "/", folder)
	}
}
/^```/ && !open { fenced = !fenced }
/^# / && folder != "" && !titled && !fenced {
	titled = 1
	one_line(folder, "title", substr($0, 3))
}
/^<!-- (step|text) [^ ]+ [^ ]+ -->$/ || /^<!-- (hint|check) [^ ]+ -->$/ {
	if (open) fail("a text inside a text")
	if ($2 == "step" || $2 == "text") begin($3, $4)
	else begin(folder, $2 "-" $3)
	open = FNR
	next
}
/^<!-- end -->$/ {
	if (!open) fail("an end without a beginning")
	if (open == FNR - 1) fail("an empty text")
	print "\t  },"
	open = 0
	next
}
/^<!-- play .+ -->$/ {
	line = $0
	gsub(/^<!-- play | -->$/, "", line)
	one_line(folder, "play", line)
	next
}
/^<!-- (from|transcript) .+ -->$/ && !open { next }
/<!--/ { fail("a marker that is not understood: " $0) }
open { print "\t  " c_string($0) }
END {
	if (!failed && open) fail("missing <!-- end -->")
	if (!failed) print "\t{ 0, 0, 0, 0 }\n};"
}
