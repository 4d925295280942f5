package clients

import (
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"

	"github.com/clientaccount/clientaccount/store"
)

// whereFound says in SQL what [store.SearchTerms.In] does.
func (r Reader) whereFound(sel *bun.SelectQuery, terms store.SearchTerms) {
	has := func(sel *bun.SelectQuery, column schema.QueryAppender, text string) {
		condition, args := r.s.Dialect.Contains(column, text)
		sel.Where(condition, args...)
	}
	for _, term := range terms {
		var column schema.QueryAppender = bun.Ident("a.search_text")
		if end := rareEnd(term); end != "" {
			has(sel, column, end)
			column = bun.Safe("(a.search_text || '')") // of few rows, without the index
		}
		sel.WhereGroup(" AND ", func(all *bun.SelectQuery) *bun.SelectQuery {
			for _, texts := range term {
				all.WhereGroup(" OR ", func(one *bun.SelectQuery) *bun.SelectQuery {
					for _, text := range texts {
						has(one, column, text)
					}
					return one
				})
			}
			if len(term) == 0 {
				all.Where("1 = 0")
			}
			return all
		})
	}
}

// rareEnd returns what all alternatives of a term end in, if few rows have it: digits, so many of them. An
// index of texts is asked for that alone. It would also go through the very many rows that have the rest:
// the beginning of a number, or the word before the number in names that a host gives in turn.
func rareEnd(term store.SearchTerm) string {
	if len(term) == 1 && len(term[0]) == 1 {
		return numberBehind(term[0][0])
	}
	if len(term) < 2 {
		return ""
	}
	end := term[0][len(term[0])-1]
	for _, texts := range term[1:] {
		for !strings.HasSuffix(texts[len(texts)-1], end) {
			end = end[1:]
		}
	}
	if !areDigits(end) {
		return ""
	}
	return end
}

// numberBehind returns the number in which a text ends, with the sign before it; empty where there is none.
func numberBehind(text string) string {
	at := strings.LastIndexAny(text, "-_./#:@+ ")
	if at < 1 || !areDigits(text[at+1:]) {
		return ""
	}
	return text[at:]
}

// areDigits reports whether a text is nothing but digits, so many that few rows have them.
func areDigits(text string) bool { return len(text) >= 5 && strings.Trim(text, "0123456789") == "" }
