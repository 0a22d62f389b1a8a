# shellcheck disable=SC2030,SC2031,SC2154 # see 01-first-connection.bats
load helper

# c_files FOLDER...: the C files in there, but not what make or a learner put.
c_files() {
  find "$@" -name '*.[ch]' ! -path '*/build/*' ! -path '*/my/*' | sort
}

# code FILE: the file without comments.
code() {
  awk '{
      line = $0 "\n"
      while (line != "") {
        if (inside) {
          end = index(line, "*/")
          if (!end) break
          line = substr(line, end + 2)
          inside = 0
        } else {
          start = index(line, "/*")
          printf "%s", start ? substr(line, 1, start - 1) : line
          line = start ? substr(line, start + 2) : ""
          inside = start > 0
        }
      }
    }' "$1"
}

# step_names FILE: the words given to step() and its like. They are all the
# words in quotes but those of die() and complain(), which name calls.
step_names() {
  code "$1" | tr -d '\n' |
    sed -E 's/(die|complain)\([^;]*;//g' |
    grep -oE '"[a-z]+(-[a-z]+)*"' | tr -d '"' | sort -u
}

# keys PAGE: each marked text's marker, alone and with each placeholder in it.
keys() {
  awk '
    /^<!-- (step|text|hint|check|play) / { key = $0; print key }
    /^<!-- (play|end) / { key = "" }
    key != "" {
      for (; match($0, /\{[a-z]+\}/); $0 = substr($0, RSTART + RLENGTH))
        print key, substr($0, RSTART, RLENGTH)
    }' "$1" | sort -u
}

# ---- shared/ ---------------------------------------------------------------

@test "shared/ opens no socket: those calls are the lesson" {
  calls='\b(socket|bind|listen|accept4?|connect|shutdown|close|dup2?)'
  calls+='|\b(send|recv)(to|from|msg)?'
  for file in shared/*.c; do
    [ "$file" != shared/sockets_linux.c ] || continue
    run -0 code "$file"
    run ! grep -nE "($calls) *\(" <<<"$output"
  done
  # The one exception asks the kernel, and nobody else, by netlink.
  run -0 code shared/sockets_linux.c
  run -0 grep -E '\b(socket|bind|listen|accept4?|connect|shutdown) *\(' \
    <<<"$output"
  [ "${#lines[@]}" -eq 1 ]
  [[ $output == *socket\(AF_NETLINK,* ]]
}

@test "shared/ keeps nothing in mutable globals" {
  needs objdump
  [[ $BUILD != */san ]] || skip "the sanitizers keep some of their own"
  run -0 objdump -t "$BUILD"/shared/*.o "$BUILD/texts.o"
  [[ $output == *" texts"* ]] # there are symbols
  run ! grep -E '[[:space:]](\.data(\.rel(\.local)?)?|\.t?bss|\*COM\*)'$'\t' \
    <(grep -vE ' d +\.(data|t?bss)' <<<"$output") # but for section names
}

@test "each header includes what it needs" {
  for header in $(c_files client server shared lessons | grep '\.h$'); do
    echo "$header" # shown if the test fails
    run -0 "${CC:-cc}" -std=c11 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror \
      -Ishared -I"${header%/*}" -fsyntax-only -include "$header" -x c /dev/null
  done
}

@test "each error that has a symbol has a text" {
  symbols=$(grep -oE '\{ E[A-Z]+, "E[A-Z]+" \}' shared/die.c |
    sed 's/.*"\(.*\)".*/\1/')
  symbols+=$'\n'$(grep -oE '"EAI_[A-Z]+"' shared/options.c | tr -d '"')
  [ "$(wc -l <<<"$symbols")" -gt 20 ]
  for symbol in $symbols; do
    run -0 grep "^<!-- text errors $symbol -->$" lessons/errors.md
  done
}

# ---- texts -----------------------------------------------------------------

@test "each step has its text in each language, and none is left over" {
  for program in client/*.c server/*.c; do
    name=${program%.c}
    code=$(step_names "$program")
    [ -n "$code" ]
    for page in "lessons/${name#*/}"/README{,.pt-BR}.md; do
      echo "$program and $page"
      written=$(sed -n "s|^<!-- step $name \(.*\) -->\$|\1|p" "$page" | sort)
      diff <(echo "$code") <(echo "$written")
    done
  done
}

@test "both languages have the same texts, with the same placeholders" {
  mapfile -t pages < <(find lessons -name '*.md' | sed 's/\(\.pt-BR\)*\.md$//' |
    sort -u)
  for page in "${pages[@]}"; do
    echo "$page.md and $page.pt-BR.md" # shown if the test fails
    [ -e "$page.md" ]
    [ -e "$page.pt-BR.md" ]
    english=$(keys "$page.md")
    portuguese=$(keys "$page.pt-BR.md")
    diff <(echo "$english") <(echo "$portuguese")
  done
}

@test "code that a page quotes is still the code" {
  quotes=0
  mapfile -t pages < <(find . -name '*.md' ! -path './build/*' ! -path './my/*')
  for page in "${pages[@]}"; do
    file='' quote='' inside=0
    while IFS= read -r line; do
      if [[ $line == '<!-- from '*' -->' ]]; then
        file=${line#<!-- from }
        file=${file% -->}
      elif [[ $line == '```'* && $inside -eq 0 ]]; then
        inside=1 quote=$'\n'
      elif [[ $line == '```' ]]; then
        if [ -n "$file" ]; then
          echo "$page quotes $file:$quote"
          [[ $'\n'$(<"$file")$'\n' == *"$quote"* ]]
          quotes=$((quotes + 1))
        fi
        file='' inside=0
      elif [ $inside -eq 1 ]; then
        quote+=$line$'\n'
      elif [ -n "$line" ]; then
        echo "$page: no quote follows <!-- from $file -->"
        [ -z "$file" ]
      fi
    done <"$page"
  done
  [ "$quotes" -gt 0 ]
}

# ---- form ------------------------------------------------------------------

@test "the programs of lesson 01 fit on a few screens" {
  for program in client/01-*.c server/01-*.c; do
    [ "$(wc -l <"$program")" -le 120 ]
  done
}

@test "no line of C is longer than 80 columns, and none ends in a space" {
  for file in $(c_files client server shared lessons tests); do
    echo "$file"
    # a character of many bytes has one column: count its first byte only
    run ! grep -nE '.{81}|[[:blank:]]$' <(tr -d '\200-\277' <"$file")
  done
}

@test "nothing in the tree names the place where it was made" {
  # in pieces, or this file would be found
  run ! grep -rnIE --exclude-dir={.git,build,my} \
    '(^|[^[:alnum:]_./-])/wor''k(/|[^[:alnum:]])|session[-_ ]?[0-9a-f]*[0-9]{3}' .
}
