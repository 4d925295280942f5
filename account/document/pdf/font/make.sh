#!/bin/sh
# Makes the fonts of this folder anew, from Debian's fonts-dejavu-extra (2.37-6) with
# python3-fonttools (4.38): the letters of Latin, Greek, Cyrillic, Armenian and Georgian
# alphabets, and signs, without what a PDF does not use (hinting, kerning, layout).
set -eu
cd "$(dirname "$0")"
letters='U+0020-007E,U+00A0-024F,U+0259,U+02BB-02BD,U+02C6-02C7,U+02D8-02DD,U+0300-0304,U+0306-030C,U+0323,U+0326-0328,U+0331'
letters="$letters,U+0370-03FF,U+0400-052F,U+0530-058F,U+10A0-10FF,U+1E00-1EFF"
signs='U+2010-2027,U+2030-203A,U+2044,U+20A0-20BF,U+2116,U+2122,U+2190-2193,U+2212,U+2260,U+2264-2265,U+25A1,U+FFFD'
for font in DejaVuSansCondensed DejaVuSansCondensed-Bold; do
	/usr/bin/python3 -m fontTools.subset "/usr/share/fonts/truetype/dejavu/$font.ttf" --unicodes="$letters,$signs" \
		--no-hinting --layout-features='' --notdef-outline --name-IDs='*' --no-recalc-timestamp \
		--drop-tables+=FFTM,GDEF,GPOS,GSUB,kern,gasp,MATH --output-file="$font.ttf"
done
