# The commands of a makefile with what stands behind `## `, wrapped to the terminal's width.
BEGIN { FS = ":.*## "; if (width < 60 || width > 120) width = 80 }
/^[a-z-]+:.*## / {
    line = sprintf("  \033[1m%-16s\033[0m", $1)
    used = 18
    count = split($2, words, " ")
    for (i = 1; i <= count; i++) {
        if (used + 1 + length(words[i]) > width) {
            print line
            line = sprintf("%18s", "")
            used = 18
        }
        line = line " " words[i]
        used += 1 + length(words[i])
    }
    print line
}
