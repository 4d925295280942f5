package words

import "github.com/clientaccount/clientaccount/internal/say"

// Text is what people are told, in English until it is known in which language.
type Text = say.Text

// Textf is [say.Textf].
func Textf(format Text, args ...any) Text { return say.Textf(format, args...) }

// Plain returns what is the same in every language, as a name.
func Plain(text string) Text { return say.Plain(text) }

// Join returns texts with a separator between them.
func Join(texts []Text, separator string) Text { return say.Join(texts, separator) }
