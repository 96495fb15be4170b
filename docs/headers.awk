# The public headers as one scdoc page: each comment in front of declarations, with them.
BEGIN {
  print "libfob(3)\n\n# NAME\n\nlibfob - OAuth 2.0 tokens for programs\n\n# SYNOPSIS\n\n*#include <fob/fob.h>*\n\n*cc* $(pkg-config --cflags --libs fob)\n"
  print "# DESCRIPTION\n\nThe functions of libfob by header, as the headers describe them."
}
FNR == 1 { title = FILENAME; sub(/.*include\//, "", title); print "\n# " toupper(title) "\n"; comment = ""; code = ""; inside = 0 }
function escaped(text) { gsub(/[\\*_<>#`\[\]|]/, "\\\\&", text); return text }
function flush_block() {
  if (code ~ /FOB_API/) {
    gsub(/FOB_API |FOB_NODISCARD /, "", code)
    print "```\n" code "```\n"
    if (comment != "") print escaped(comment) "\n"
  }
  code = ""; comment = ""
}
/^\/\*/ { if (code != "") flush_block(); comment = ""; inside = 1 }
inside {
  line = $0
  sub(/^\/\* ?/, "", line); sub(/^ \*\/?( |$)/, "", line); sub(/ ?\*\/$/, "", line); sub(/^ +/, "", line)
  comment = comment (comment == "" || line == "" ? "" : " ") line
  if ($0 ~ /\*\//) inside = 0
  next
}
/^#|^$|^FOB_(BEGIN|END)/ { if ($0 == "" && code != "") flush_block(); next }
{ code = code $0 "\n" }
END { print "# SEE ALSO\n\n*fob*(1), *fob-plugin*(3), *fob-descriptor*(5)" }
