package words

import "github.com/clientaccount/clientaccount/internal/say"

// Text is what people are told, in English until it is known in which language.
type Text = say.Text
