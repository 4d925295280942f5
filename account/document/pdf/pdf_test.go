package pdf_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/document/pdf"
)

func write(t testing.TB, d document.Document, w document.Words) []byte {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, pdf.Write(&b, d, w, pdf.Fonts{}))
	return b.Bytes()
}

// run runs a program of poppler-utils on a file.
func run(t *testing.T, content []byte, program string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		missing := t.Skipf
		if os.Getenv("CLIENTACCOUNT_REQUIRE_SERVERS") != "" {
			missing = t.Fatalf
		}
		missing("%s is not installed: apt-get install poppler-utils", program)
	}
	file := filepath.Join(t.TempDir(), "a.pdf")
	require.NoError(t, os.WriteFile(file, content, 0o600))
	var out, errs bytes.Buffer
	cmd := exec.CommandContext(t.Context(), path, append(args, file, "-")...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	require.NoError(t, cmd.Run(), "%s", &errs)
	require.Empty(t, errs.String(), "what a reader of PDFs finds wrong with it")
	return out.String()
}

func text(t *testing.T, content []byte) string { return run(t, content, "pdftotext", "-layout") }

var clientID = account.NewID(time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), [10]byte{1})

// usage is that of a month, with messages at so many prices.
func usage(t testing.TB, prices int) *document.Usage {
	u := document.NewUsage(clientID, document.Mark{Entry: 10, Balance: decimal.NewFromInt(20000)})
	for n := range prices {
		e := account.Entry{
			Account: clientID, Number: u.To().Entry + 1, Kind: account.KindCharge, Messages: int64(1000 + n*37),
			At: time.Date(2026, 11, 1+n%30, 9, 0, 0, 0, time.UTC),
		}
		e.Amount = decimal.New(int64(-31200-n*113), -6).Mul(decimal.NewFromInt(e.Messages))
		e.After = u.To().Balance.Add(e.Amount)
		require.NoError(t, u.Add(e, time.UTC))
	}
	return u
}

func period() document.Period {
	return document.NewPeriod(
		account.Cut{At: time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC), Day: account.Date{Year: 2026, Month: time.November, Day: 1}},
		account.Cut{At: time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC), Day: account.Date{Year: 2026, Month: time.December, Day: 1}}, time.UTC)
}

func head() document.Head {
	return document.Head{
		ID: clientID, Number: document.NewNumber("INV", 2026, 42, nil), Zone: "UTC", Currency: "EUR",
		Issued: account.Date{Year: 2026, Month: time.December, Day: 1}, At: time.Date(2026, 12, 1, 0, 0, 1, 0, time.UTC),
		Issuer: document.Issuer{
			Name: "Fernweh Messaging GmbH", Address: []string{"Torstraße 10", "10119 Berlin"}, Country: "DE", Credential: "DE123456789",
			Email: "billing@fernweh.example", Notes: []string{"IBAN DE02 1203 0000 0000 2020 51, BIC BYLADEM1001", "Payable within 14 days."},
		},
		Customer: document.Customer{Login: "acme", Name: "ACME Ltd", Contact: "Ann Lee", Country: "UA", Credential: "12345678", Contract: "C-17"},
	}
}

func invoice(t testing.TB, prices int) document.Invoice {
	i, err := document.NewInvoice(head(), period(), usage(t, prices), document.Percent("VAT", decimal.NewFromInt(19)))
	require.NoError(t, err)
	return i
}

// amounts are the last numbers of lines, as people read them.
func amounts(t *testing.T, lines []string) (sum decimal.Decimal) {
	for _, line := range lines {
		fields := strings.Fields(line)
		last := strings.NewReplacer(",", "", "−", "-").Replace(fields[len(fields)-1])
		d, err := decimal.NewFromString(last)
		require.NoError(t, err, line)
		sum = sum.Add(d)
	}
	return sum
}

var (
	messageLine = regexp.MustCompile(`(?m)^ *Messages +[0-9].*$`)
	sumLine     = regexp.MustCompile(`(?m)^ *(Subtotal|Rounding|Net|VAT 19% of [0-9.,]+|Total) +[−0-9].*$`)
)

// What a bookkeeper adds up is what was printed, on three pages.
func TestTheTextOfAnInvoiceAddsUp(t *testing.T) {
	i := invoice(t, 100)
	got := text(t, write(t, i, document.English()))
	pages := strings.Split(strings.TrimSuffix(got, "\f"), "\f")
	require.Len(t, pages, 3)
	for n, page := range pages {
		assert.Contains(t, page, fmt.Sprintf("Page %d of 3", n+1))
		assert.Regexp(t, `Description +Messages +Unit price +Amount`, page, "each page has the head of the table")
	}
	lines := messageLine.FindAllString(got, -1)
	require.Len(t, lines, 100)
	subtotal := amounts(t, lines)
	assert.Equal(t, i.Subtotal.String(), subtotal.String())

	sums := sumLine.FindAllString(strings.ReplaceAll(got, " EUR", ""), -1)
	require.Len(t, sums, 5, "%s", got)
	assert.Equal(t, subtotal.String(), amounts(t, sums[:1]).String())
	assert.Equal(t, amounts(t, sums[2:3]).String(), amounts(t, sums[:2]).String(), "subtotal and rounding are the net amount")
	assert.Equal(t, amounts(t, sums[4:]).String(), amounts(t, sums[2:4]).String(), "net and taxes are the total")
	for _, want := range []string{
		"Invoice", "INV-2026-000042", "1 December 2026", "1 November 2026 – 30 November 2026", "C-17", "Fernweh Messaging GmbH", "Torstraße 10",
		"Germany", "Company ID: DE123456789", "ACME Ltd", "Ann Lee", "Ukraine", "Company ID: 12345678", "IBAN DE02 1203 0000 0000 2020 51",
	} {
		assert.Contains(t, got, want)
	}
}

func TestTheTextOfAStatementAddsUp(t *testing.T) {
	u := usage(t, 60)
	s, err := document.NewStatement(head(), period(), u)
	require.NoError(t, err)
	got := text(t, write(t, s, document.English()))
	lines := regexp.MustCompile(`(?m)^.*Charge +[0-9].*$`).FindAllString(got, -1)
	require.Len(t, lines, 60)
	moved := amounts(t, lines)
	assert.Equal(t, u.To().Balance.Sub(u.From().Balance).String(), moved.String())
	opening := amounts(t, regexp.MustCompile(`(?m)^ *Opening balance +.*$`).FindAllString(got, -1))
	closing := amounts(t, regexp.MustCompile(`(?m)^ *Closing balance +.*$`).FindAllString(strings.ReplaceAll(got, " EUR", ""), -1))
	assert.Equal(t, closing.String(), opening.Add(moved).String())
}

// parties are clients of different alphabets, and how they say invoice.
var parties = map[string]struct{ title, name, contact, note string }{
	"uk": {"Рахунок-фактура", "ТОВ «Їжак і Ґанок»", "Євгенія Щербак", "Сплатити протягом 14 днів"},
	"kk": {"Шот-фактура", "«Қазақ Әріптері» ЖШС", "Ғалымжан Өмірзақұлы", "Төлеу мерзімі 14 күн"},
	"el": {"Τιμολόγιο", "Αφοί Παπαδόπουλοι Α.Ε.", "Ελένη Ξανθοπούλου", "Πληρωμή εντός 14 ημερών"},
	"tr": {"Fatura", "İĞNE ve ŞİŞE Çözümleri", "Gülşah Yıldırım", "14 gün içinde ödeyin"},
	"lt": {"Sąskaita faktūra", "UAB „Ąžuolų šaltinis“", "Žydrė Ėglynaitė", "Apmokėti per 14 dienų"},
	"lv": {"Rēķins", "SIA „Ķekavas ūdeņi”", "Ģirts Ļaudams", "Apmaksāt 14 dienu laikā"},
	"pl": {"Faktura", "Żółć i Gęśl sp. z o.o.", "Świętosława Łoś", "Płatne w ciągu 14 dni"},
	"ro": {"Factură", "Știință și Țesături SRL", "Ștefan Țîrlea", "De plătit în 14 zile"},
	"vi": {"Hóa đơn", "Công ty Đường Việt", "Nguyễn Thị Thảo", "Thanh toán trong 14 ngày"},
	"ka": {"ინვოისი", "შპს „ქართული ასოები“", "ნინო ბერიძე", "გადახდა 14 დღეში"},
	"hy": {"Հաշիվ", "«Հայկական Տառեր» ՍՊԸ", "Անահիտ Սարգսյան", "Վճարել 14 օրվա ընթացքում"},
}

func inLanguage(t testing.TB, language string, prices int) (document.Invoice, document.Words) {
	p := parties[language]
	i := invoice(t, prices)
	i.Customer.Name, i.Customer.Contact, i.Issuer.Notes = p.name, p.contact, []string{p.note}
	w := document.English()
	w.Language, w.Titles[document.KindInvoice] = language, p.title
	return i, w
}

func TestLettersOfManyAlphabets(t *testing.T) {
	for language, p := range parties {
		i, w := inLanguage(t, language, 3)
		got := text(t, write(t, i, w))
		for _, want := range []string{p.title, p.name, p.contact, p.note} {
			assert.Contains(t, got, want, language)
		}
	}
}

func TestTheSameDocumentHasTheSameBytes(t *testing.T) {
	first := write(t, invoice(t, 100), document.English())
	var group sync.WaitGroup
	for range 6 {
		group.Go(func() { assert.Equal(t, first, write(t, invoice(t, 100), document.English())) })
	}
	group.Wait()
	i := invoice(t, 1)
	i.At = time.Time{}
	once := write(t, i, document.English())
	assert.Contains(t, string(once), "D:19700101000000", "there is no clock")
	assert.NotContains(t, string(first), fmt.Sprint("D:", time.Now().Year(), time.Now().Format("0102")))
	i.Total = i.Total.Add(decimal.NewFromInt(1))
	assert.NotEqual(t, once, write(t, i, document.English()))
}

func TestWhatTheFileSaysOfItself(t *testing.T) {
	content := write(t, invoice(t, 1), document.English())
	assert.Contains(t, string(content), "/Lang (en)")
	assert.NotContains(t, string(content), "/JavaScript")
	w := document.English()
	w.Language = "en) /OpenAction <</S /JavaScript /JS (app.alert\\(1\\))>> /X ("
	assert.NotContains(t, string(write(t, invoice(t, 1), w)), "/JavaScript")
	assert.Less(t, len(content), 40_000, "of the fonts there is only what is used")
}

// Nothing that a client is called breaks a page.
func TestTextsOfAnyLength(t *testing.T) {
	i := invoice(t, 1)
	long := strings.Repeat("W", 400)
	i.Customer.Name, i.Customer.Contact, i.Number.Text = long, "😀 漢字 \u202eab", long
	i.Issuer.Name, i.Issuer.Notes = "", slicesOf(long+" "+strings.Repeat("word ", 500), 3)
	i.Issuer.Address = slicesOf(strings.Repeat("Ü", 200), 40)
	w := document.English()
	w.Titles[document.KindInvoice] = strings.Repeat("Invoice ", 60)
	w.Lines.Messages = strings.Repeat("message ", 600)
	w.Table = document.TableWords{Price: strings.Repeat("p", 90)}
	got := text(t, write(t, i, w))
	assert.Contains(t, got, "□ □□")
	assert.Equal(t, 5*400, strings.Count(got, "W"), "nothing is cut off: number, name and three notes")
}

func slicesOf(s string, n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = s
	}
	return all
}

func TestAllKindsOfDocuments(t *testing.T) {
	i := invoice(t, 3)
	n, err := i.Credit(head(), "Undelivered", nil)
	require.NoError(t, err)
	assert.Contains(t, text(t, write(t, n, document.English())), "Undelivered")
	d := document.Daily{Head: head(), Day: account.Date{Year: 2026, Month: time.November, Day: 27}}
	assert.Contains(t, text(t, write(t, d, document.English())), "27 November 2026")
	empty, err := document.NewStatement(head(), period(), usage(t, 0))
	require.NoError(t, err)
	assert.Regexp(t, `Closing balance +20,000.00 EUR`, text(t, write(t, empty, document.Words{Totals: document.English().Totals})))
}

func TestFontsOfAHost(t *testing.T) {
	font, err := os.ReadFile("font/DejaVuSansCondensed-Bold.ttf")
	require.NoError(t, err)
	var b bytes.Buffer
	require.NoError(t, pdf.Write(&b, invoice(t, 1), document.English(), pdf.Fonts{Regular: font}))
	assert.Contains(t, text(t, b.Bytes()), "ACME Ltd")
	for _, spoiled := range [][]byte{{}, []byte("no font"), font[:1000], font[:len(font)/2]} {
		require.ErrorIs(t, pdf.Write(&b, invoice(t, 1), document.English(), pdf.Fonts{Regular: spoiled}), pdf.ErrFont)
	}
}

type full struct{}

var errFull = errors.New("full")

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestWhatTheWriterSays(t *testing.T) {
	require.ErrorIs(t, pdf.Write(full{}, invoice(t, 1), document.English(), pdf.Fonts{}), errFull)
}

func BenchmarkInvoice(b *testing.B) {
	i := invoice(b, 30)
	for b.Loop() {
		write(b, i, document.English())
	}
}

// No text of a client means anything to the library below, whatever its bytes and its length.
func TestTextsThatAreNotWhatTheySeem(t *testing.T) {
	i := invoice(t, 1)
	i.Customer.Name, i.Customer.Contact = "Acme {nb} Ltd", strings.Repeat("W", 80)+"\xf0\x9f"
	i.Issuer.Name = "ACME 😀"
	w := document.English()
	w.Titles[document.KindInvoice] = "Invoice \xe0"
	assert.Contains(t, text(t, write(t, i, w)), "Acme {nb} Ltd")
	assert.Contains(t, run(t, write(t, i, w), "pdftotext", "-htmlmeta"), `<meta name="Author" content="ACME �"/>`)
}

// What is longer than a page goes on on the next one.
func TestNothingIsDrawnBelowThePage(t *testing.T) {
	h := head()
	h.Issuer.Address = slicesOf("Torstraße 10", 70)
	n, err := invoice(t, 1).Credit(h, strings.Repeat("Undelivered ", 800), nil)
	require.NoError(t, err)
	inside := run(t, write(t, n, document.English()), "pdftotext", "-x", "0", "-y", "0", "-W", "595", "-H", "842")
	assert.Equal(t, 800, strings.Count(inside, "Undelivered"))
	assert.Equal(t, 70, strings.Count(inside, "Torstraße"))
}

// An amount that takes the whole line leaves no room for what it is.
func TestAmountsOfAnyLengthEnd(t *testing.T) {
	w := document.English()
	w.Amount = func(decimal.Decimal, int) string { return strings.Repeat("9", 90) }
	assert.Contains(t, text(t, write(t, invoice(t, 1), w)), strings.Repeat("9", 40))
}
