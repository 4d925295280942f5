package memstore

// pages is a list that only grows, on top of that of a base that it leaves alone
// until it is merged into it. It grows by pages, so that adding to a long list
// copies nothing of it. The zero value is an empty list without a base.
type pages[T any] struct {
	base *pages[T]
	own  [][]T // all but the last one full
}

// pageRows is how many rows a page has: few, because most lists are short.
const pageRows = 8

// len returns the number of rows, those of the base included.
func (p *pages[T]) len() int {
	n := p.ownLen()
	if p.base != nil {
		n += p.base.len()
	}
	return n
}

func (p *pages[T]) ownLen() int {
	last := len(p.own) - 1
	if last < 0 {
		return 0
	}
	return last*pageRows + len(p.own[last])
}

// at returns the row of an index below len. It is the stored one: not to be changed, and
// not to be kept.
func (p *pages[T]) at(i int) *T {
	if p.base != nil {
		below := p.base.len()
		if i < below {
			return p.base.at(i)
		}
		i -= below
	}
	return &p.own[i/pageRows][i%pageRows]
}

// grow adds an empty row, for the caller to fill.
func (p *pages[T]) grow() *T {
	last := len(p.own) - 1
	if last < 0 || len(p.own[last]) == pageRows {
		p.own, last = append(p.own, make([]T, 0, pageRows)), last+1
	}
	page := p.own[last]
	page = page[:len(page)+1]
	p.own[last] = page
	return &page[len(page)-1]
}

func (p *pages[T]) mergeInto(base *pages[T]) {
	for _, page := range p.own {
		for i := range page {
			*base.grow() = page[i]
		}
	}
}
