package accounttest

// Unseen returns texts of one character that no text may hold, and which look like nothing:
// one or more of each sort.
func Unseen() []string {
	return []string{
		"\x00", "\x07", "\r", "\x1b", "\x7f", "\u0085", "\u009f", // controls
		"\u2028", "\u2029", // separators
		"\u200e", "\u200f", "\u061c", "\u202a", "\u202e", "\u2066", "\u2069", // direction
		"\u200b", "\u2060", "\ufeff", "\u00ad", "\u180e", // no width
		"\U000e0001", "\U000e0041", "\U000e007f", "\ufff9", "\ufffb", // tags, annotations
		"\u034f", "\u115f", "\u3164", "\uffa0", "\u17b4", "\u2800", // no shape
		"\ue000", "\U000f0000", "\ufdd0", "\uffff", "\U0010ffff", // private, none
		"\xff", "\xc3", "\xed\xa0\x80", "\ufffd", // broken UTF-8, half of a pair, what became of it
	}
}
