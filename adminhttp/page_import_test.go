package adminhttp_test

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/account/accounttest"
	"github.com/clientaccount/clientaccount/account/sheet"
	"github.com/clientaccount/clientaccount/adminhttp"
	"github.com/clientaccount/clientaccount/store"
)

// importFile sends a file of clients, with inputs before it.
func (s *site) importFile(file string, pairs ...string) reply {
	s.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		require.NoError(s, form.WriteField(pairs[i], pairs[i+1]))
	}
	part, err := form.CreateFormFile("file", "clients.csv")
	require.NoError(s, err)
	_, err = io.WriteString(part, file)
	require.NoError(s, err)
	require.NoError(s, form.Close())
	r := httptest.NewRequestWithContext(s.Context(), http.MethodPost, "/clients/import", &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s.admin.ServeHTTP(w, r)
	return reply{w.Code, w.Header(), w.Body.String()}
}

func TestClientsComeInByAFileThatIsMended(t *testing.T) {
	s := newSite(t)
	a := s.create("first", nil)
	manager, err := s.svc.SaveManager(t.Context(), account.Manager{Name: "Ольга Коваль"}, account.Actor{}, "")
	require.NoError(t, err)
	asked := s.importFile("\ufeffLogin;COMPANY;Nonsense\r\nfirst;X;y\r\n")
	assert.Equal(t, http.StatusUnprocessableEntity, asked.code)
	assert.Contains(t, asked.text(), "Say what these columns are")
	assert.Contains(t, asked.html, `name="header.0" value="Nonsense"`)

	file := "\ufeffLogin;Company;Manager;Allow Credit;E-mail;Nonsense;Currency\r\n" +
		"first;\"New; name\";Ольга Коваль;'-1,5;;x;EUR\r\n" +
		"fresh;Fresh Ltd;Ольга Коваль;100,25;a@example.com;x;\r\n" +
		";Nobody;Somebody;x;;;\r\n"
	batch := s.begun(s.importFile(file, "decimal", "comma", "header.0", "Nonsense", "match.0", "-"))
	judged := s.get(batch)
	assert.Contains(t, judged.text(), "clients.csv")
	assert.Contains(t, judged.text(), "1 Would change")
	assert.Contains(t, judged.text(), "2 Would be refused")
	assert.Contains(t, judged.html, "<q>x</q>", "what the file has where a fault is")
	assert.Contains(t, judged.html, "<q>Somebody</q>", "of a manager whom nobody knows, too")
	faults := s.get(batch + "/faults")
	lines := strings.Split(strings.TrimSpace(strings.TrimPrefix(faults.html, "\ufeff")), "\n")
	require.Len(t, lines, 3, faults.html)
	assert.True(t, strings.HasPrefix(lines[0], "line,id,login,contact.company,manager,credit.limit,mail.email,currency,faults"), lines[0])
	assert.Contains(t, lines[1], "2,"+a.ID.String()+",first,New; name,Ольга Коваль,'-1.5,,EUR,", "with what stays as it is")
	done := s.run(batch, "good")
	assert.Contains(t, done.text(), "1 Done")
	assert.NotContains(t, done.html, `value="undo"`, "only new clients, which stay")
	made, err := s.svc.ByLogin(t.Context(), "fresh")
	require.NoError(t, err)
	assert.Equal(t, manager.ID, made.Core.Manager)
	assert.Equal(t, "100.25", s.limit(made))
	assert.Equal(t, "Company of first", s.stored(a.ID).Contact.Company)

	mended := strings.Replace(strings.Join(lines[:2], "\n"), "'-1.5", "15", 1)
	again := s.begun(s.importFile(mended))
	assert.Contains(t, s.run(again, "all").text(), "1 Done")
	assert.Equal(t, "New; name", s.stored(a.ID).Contact.Company)
	assert.Equal(t, "15", s.limit(a))
	assert.Contains(t, s.run(s.begun(s.post(again, url.Values{"_do": {"undo"}})), "all").text(), "1 Done")
	assert.Equal(t, "Company of first", s.stored(a.ID).Contact.Company)
}

// What goes out comes in again, and changes nothing: all columns, whatever texts they have.
func TestAnExportedListChangesNothingWhenImported(t *testing.T) {
	svc := newPostbox(t).svc
	s := newSiteOver(t, svc, func(c *adminhttp.Config) { c.ReadSheet = readTabs })
	manager, err := s.svc.SaveManager(t.Context(), account.Manager{Name: "=Olena; -x"}, account.Actor{}, "")
	require.NoError(t, err)
	for range 2 {
		_, err = s.svc.SaveManager(t.Context(), account.Manager{Name: "Twin"}, account.Actor{}, "")
		require.NoError(t, err)
	}
	top := s.create("top", func(a *account.Account) {
		full := accounttest.Full()
		full.Core.Login, full.Core.Password, full.Core.Manager, full.Notes.Product = a.Core.Login, a.Core.Password, manager.ID, account.ID{}
		full.Contact.Company, full.Notes.Comments = "'=1, @ \"x\"; -y", "+1\n'-2\n\n; =3 \"q\"  z"
		full.Sending.Subaccounts, full.Webhooks.RESTState = true, "https://example.com/?key=secret"
		*a = full
	})
	s.create("beneath", func(a *account.Account) { a.Parent = top.ID })
	s.update(top, func(a *account.Account) { a.Status = account.StatusSuspended })
	columns := []string{"id", "balance", "available", "moved", "activity", "created"}
	for _, f := range account.Fields() {
		if !f.Secret() {
			columns = append(columns, f.Path)
		}
	}
	file := s.get("clients/export?columns=" + strings.Join(columns, ","))
	require.Equal(t, http.StatusOK, file.code, file.html)
	assert.NotContains(t, file.html, "secret")
	assert.Contains(t, file.html, "\"''=1, '@ \"\"x\"\"; '-y\"", "no formula")
	for how, file := range map[string]string{"as it was": file.html, "as a workbook": tabsOf(t, file.html)} {
		batch := s.begun(s.importFile(file, "decimal", "comma"))
		assert.Contains(t, s.get(batch).text(), "2 Unchanged", how)
	}
}

// tabsOf is a CSV as a workbook that readTabs reads, whose texts are those of the clients.
func tabsOf(t *testing.T, file string) string {
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	require.NoError(t, err)
	all := "PK\x03\x04"
	for _, line := range lines {
		for i := range line {
			line[i] = sheet.Bare(line[i])
		}
		all += "\n" + strings.Join(line, "\t")
	}
	return all
}

// readTabs reads workbooks that are lines of cells between tabs, from the second on. Cells behind # are
// numbers.
func readTabs(file io.Reader) iter.Seq2[sheet.Line, error] {
	return func(yield func(sheet.Line, error) bool) {
		all, err := io.ReadAll(file)
		for i, line := range strings.Split(string(all), "\n") {
			read := sheet.Line{Number: i, Cells: strings.Split(line, "\t")}
			for i, cell := range read.Cells {
				digits, number := strings.CutPrefix(cell, "#")
				read.Cells[i], read.Numbers = digits, append(read.Numbers, number)
			}
			if i > 0 && !yield(read, err) {
				return
			}
		}
	}
}

// Files are written in many ways; what they say is the same.
func TestFilesAsPeopleHaveThem(t *testing.T) {
	s := newSiteOver(t, newPostbox(t).svc, func(c *adminhttp.Config) { c.ReadSheet = readTabs })
	wide := func(order binary.AppendByteOrder, text string) string {
		var b []byte
		for _, unit := range utf16.Encode([]rune("\ufeff" + text)) {
			b = order.AppendUint16(b, unit)
		}
		return string(b)
	}
	for i, c := range []struct{ decimal, file string }{
		{"comma", wide(binary.LittleEndian, "login\tcompany\tcredit\r\nclient0\t\"Київ; \"\"2\"\"\"\t1 234,500\r\n")},
		{"comma", wide(binary.BigEndian, "login\tcompany\tcredit\r\nclient1\t\"Київ; \"\"2\"\"\"\t1.234,5\r\n")},
		{"comma", "\ufefflogin;company;credit\r\nclient2;\"Київ; \"\"2\"\"\";1234,500\r\n"},
		{"point", "sep=;\r\nlogin;\"company\";credit\r\n client3 ;\"Київ; \"\"2\"\"\";1234,5\r\n"},
		{"point", "\"login\",\"company\",\"credit\"\nclient4,\"Київ; '\"\"2\"\"\",'1 234.500\n\n,,\n"},
		{"comma", "PK\x03\x04\n\nlogin\tcompany\tcredit\nclient5\tКиїв; \"2\"\t1234.5"},
	} {
		judged := s.begun(s.importFile(c.file, "decimal", c.decimal))
		require.Contains(t, s.run(judged, "all").text(), "1 Done", "%q", c.file)
		made, err := s.svc.ByLogin(t.Context(), fmt.Sprint("client", i))
		require.NoError(t, err)
		assert.Equal(t, "1234.5", s.limit(made), "%q", c.file)
		assert.Equal(t, `Київ; "2"`, strings.ReplaceAll(made.Contact.Company, "'", ""), "%q", c.file)
	}
	judged := s.begun(s.importFile("login,company,credit\nclient0,,\"1,500\"\nclient1,#REF!,\nclient2,A,,,more\n,,,\n"))
	s.get(judged)
	faults := strings.Split(strings.TrimSpace(s.get(judged+"/faults").html), "\n")
	require.Len(t, faults, 4, "what can be read in two ways, errors, and more than there are names for")
	for i, said := range []string{"Allow credit: ", "Company: This cell has an error of the spreadsheet: #REF!.", "Line 4 has more cells"} {
		assert.Contains(t, faults[i+1], said)
	}
}

func TestFilesThatAreNotTaken(t *testing.T) {
	s := newSite(t)
	s.create("first", nil)
	for file, said := range map[string]string{
		"":                                     "There is no client in this file.",
		"login,password\nfirst,x\n":            "passwords are never in a file",
		"contact.company\nx\n":                 "its id, or its login",
		"login,login\nfirst,x\n":               "is there twice",
		"login\n\xff\xfefirst\n":               "not in UTF-8",
		"PK\x03\x04":                           "save it as CSV",
		"\xd0\xcf\x11\xe0":                     "save it as CSV",
		"login\n\"first\n":                     "Line 2 cannot be read",
		"login\n" + strings.Repeat("x", 20001): "is longer than 20000 bytes",
		"login\n":                              "There is no client in this file.",
	} {
		got := s.importFile(file)
		assert.Equal(t, http.StatusUnprocessableEntity, got.code, "%.40q", file)
		assert.Contains(t, got.text(), said, "%.40q", file)
	}
}

// What the actor may not do is refused line by line, and the file that tells of it cannot make a
// client of a line that was about none.
func TestLinesThatOneMayNotDo(t *testing.T) {
	s := doubled(t)
	manager, err := s.svc.SaveManager(t.Context(), account.Manager{Name: "Olena"}, account.Actor{}, "")
	require.NoError(t, err)
	theirs := s.create("theirs", nil)
	s.create("mine", func(a *account.Account) { a.Core.Manager = manager.ID })
	s.policy.Scope = adminhttp.ClientsOf(manager.ID)
	file := "id,login,company,credit\n" +
		theirs.ID.String() + ",theirs,Taken,\n" +
		"nonsense,other,Taken,\n" +
		",mine,Credit of mine,500\n" +
		",fresh,Fresh Ltd,\n" +
		",richer,Richer Ltd,500\n"
	batch := s.begun(s.importFile(file))
	judged := s.get(batch).text()
	assert.Contains(t, judged, "1 Would change")
	assert.Contains(t, judged, "4 Would be refused")
	faults := strings.Split(strings.TrimSpace(s.get(batch+"/faults").html), "\n")
	require.Len(t, faults, 5)
	for i, said := range []string{"2," + theirs.ID.String() + ",theirs", "3,nonsense,other", "4,", "6,,richer"} {
		assert.Contains(t, faults[i+1], said)
	}
	assert.Contains(t, faults[1], "Line 2 has the id of no client.")
	assert.Contains(t, faults[3], "A second person must confirm this")
	assert.Contains(t, faults[4], "A second person must confirm this")
	assert.Contains(t, s.run(batch, "good").text(), "1 Done")
	made, err := s.svc.ByLogin(t.Context(), "fresh")
	require.NoError(t, err)
	assert.Equal(t, manager.ID, made.Core.Manager, "as of a client that is made by itself")

	s.policy.Actions = []adminhttp.Action{adminhttp.ActionEdit, adminhttp.ActionImport}
	batch = s.begun(s.importFile("login,company\nanother,Another\nmine,Mine\n"))
	assert.Contains(t, s.get(batch+"/faults").html, "Line 2 is a new client")
	assert.Contains(t, s.run(batch, "good").text(), "1 Done")
}

// One line of nothing but separators, or in quotation marks without end, takes no memory of its own.
func TestALineOfAFileIsBounded(t *testing.T) {
	s := newSite(t)
	for line, said := range map[string]string{",": "A line has at most 200 cells.", "\"": "Line 2 is longer than 1 MB"} {
		file := "login,company\n\"" + strings.Repeat("x", 2<<20)
		if line == "," {
			file = "login,company\n" + strings.Repeat(line, 8<<20)
		}
		got := s.importFile(file)
		assert.Equal(t, http.StatusUnprocessableEntity, got.code)
		assert.Contains(t, got.text(), said)
	}
}

// A file of faults has no token, and is refused where it had a new one: nothing is left out unsaid. What
// a batch keeps of its lines has none either, once they are done.
func TestATokenIsTypedAgainInAMendedFile(t *testing.T) {
	s := newSite(t)
	c := s.create("hook", func(a *account.Account) {
		a.Webhooks.RESTState, a.Sending.REST = "https://c.io/p?token=OLD", true
	})
	const header = "login,webhooks.rest_state,credit.limit,contact.company\n"
	judged := func(file string) (string, reply) {
		b := s.begun(s.importFile(file))
		got := s.get(b)
		for got.header.Get("Refresh") != "" {
			got = s.get(b)
		}
		return b, got
	}
	b, _ := judged(header + "hook,https://c.io/p?token=NEW,x,?What Ltd\n")
	faults := s.get(b + "/faults").html
	assert.NotContains(t, faults, "NEW")
	assert.Contains(t, faults, ",?What Ltd,", "a text of one's own stays whole")
	_, again := judged(strings.Replace(faults, ",x,", ",15,", 1))
	assert.Contains(t, again.text(), "Type the value itself.")
	assert.Contains(t, again.text(), "1 Would be refused")

	b, _ = judged(header + "hook,https://c.io/p?token=NEW,15,What Ltd\n")
	s.run(b, "all")
	assert.Equal(t, "https://c.io/p?token=NEW", s.stored(c.ID).Webhooks.RESTState)
	id, err := account.ParseID(strings.TrimPrefix(b, "batches/"))
	require.NoError(t, err)
	done, err := s.svc.Tasks(t.Context(), store.TaskQuery{Batch: account.Some(id)})
	require.NoError(t, err)
	assert.Equal(t, "https://c.io/p?token=…", done[0].Set["webhooks.rest_state"])
}

// A file of many lines: how often there is something worth a look is counted among the first of them
// only, and that is said; no faults are to be taken away before all lines were looked at.
func TestAFileOfManyLines(t *testing.T) {
	s := newSite(t)
	var file strings.Builder
	file.WriteString("login,company,status\nx,Short,active\n")
	for i := range 2_100 {
		fmt.Fprintf(&file, "many%d,Company %d,active\n", i, i)
	}
	batch := s.begun(s.importFile(file.String()))
	r := s.get(batch)
	for ; r.header.Get("Refresh") != ""; r = s.get(batch) {
		assert.NotContains(t, r.text(), "Lines with their faults")
	}
	assert.Contains(t, r.text(), "Lines with their faults")
	assert.Contains(t, r.text(), "2,100 Would change")
	assert.Contains(t, r.text(), "Change the 2,100 good ones")
	assert.Contains(t, r.text(), "2,000 Can Send via SMPP")
	assert.Contains(t, r.text(), "There are more than are counted here.")
	assert.Contains(t, s.get("batches").text(), "2,101")
}

// With a decimal comma, 1.500 is 1500 to who typed it and 1.5 to the rules: it is refused. So is it the
// other way round. What a client has already stands in files of ours with a point, and says nothing.
func TestAmountsOfFilesAreReadInOneWay(t *testing.T) {
	const unclear = "This can be read in two ways: write a comma before decimals, and nothing between thousands."
	s := newSite(t)
	a := s.create("there", func(a *account.Account) {
		a.Core.Currency, a.Credit.Limit = "KWD", account.Some(account.Amount("12.125"))
	})
	file := "login;company;credit;notification_limit\n" +
		"client0;A;1.500;\nclient1;A;-12.500;\nclient2;A;'1.500;\nclient3;A;;2.500 money\n" +
		"client4;A;1.500,00;2,5 money\nclient5;A;1.5;1.000\nthere;A;12.125;\n"
	batch := s.begun(s.importFile(file, "decimal", "comma"))
	r := s.get(batch)
	for ; r.header.Get("Refresh") != ""; r = s.get(batch) {
	}
	assert.Contains(t, r.text(), "4 Would be refused")
	assert.Contains(t, r.text(), "3 Allow credit: "+unclear)
	assert.Contains(t, r.text(), "1 Notification limit: "+unclear)
	s.run(batch, "good")
	for login, limit := range map[string]string{"client4": "1500", "client5": "1.5"} {
		made, err := s.svc.ByLogin(t.Context(), login)
		require.NoError(t, err)
		assert.Equal(t, limit, s.limit(made), login)
	}
	assert.Equal(t, "12.125", s.limit(a))
	made, err := s.svc.ByLogin(t.Context(), "client4")
	require.NoError(t, err)
	assert.Equal(t, "2.5 money", made.Core.NotificationLimit.String())
	made, err = s.svc.ByLogin(t.Context(), "client5")
	require.NoError(t, err)
	assert.Equal(t, "1000 messages", made.Core.NotificationLimit.String(), "of messages there are no parts")
}

// A line with a cell that cannot be read says what else is wrong with it, so that it is mended once.
func TestEveryFaultOfALineIsToldAtOnce(t *testing.T) {
	s := newSite(t)
	batch := s.begun(s.importFile("login;company;credit;phone\nclient0;;1.500;12\n", "decimal", "comma"))
	told := s.get(batch + "/faults").html
	for _, fault := range []string{"This can be read in two ways", "A company needs its name.", "Use international format"} {
		assert.Contains(t, told, fault)
	}
}

// A number of a workbook is one, whichever sign was said: 1.125 is no 1125. A text is read by that sign.
func TestNumbersOfWorkbooksAreReadInOneWay(t *testing.T) {
	s := newSiteOver(t, newPostbox(t).svc, func(c *adminhttp.Config) { c.ReadSheet = readTabs })
	for _, sign := range []string{"comma", "point"} {
		book := "PK\x03\x04\nlogin\tcompany\tcurrency\tcredit\n" +
			sign + "0\t#1.125\tKWD\t#1.125\n" + sign + "1\tA\tKWD\t#12.5\n" + sign + "2\tA\tKWD\t#1500\n" +
			map[string]string{"comma": "comma3\tA\tKWD\t1.125\n", "point": "point3\tA\tKWD\t1,125\n"}[sign]
		batch := s.begun(s.importFile(book, "decimal", sign))
		assert.Contains(t, s.get(batch).text(), "1 Would be refused", sign)
		s.run(batch, "good")
		for i, limit := range []string{"1.125", "12.5", "1500"} {
			made, err := s.svc.ByLogin(t.Context(), fmt.Sprint(sign, i))
			require.NoError(t, err)
			assert.Equal(t, limit, s.limit(made), sign)
		}
		made, err := s.svc.ByLogin(t.Context(), sign+"0")
		require.NoError(t, err)
		assert.Equal(t, "1.125", made.Contact.Company, "of a text no sign is changed")
	}
}

// Managers and products are found by their names as they are written, else in small or capital letters;
// of a name that several have so it is said that these are several, but for those whom the actor does
// not see.
func TestNamesOfFiles(t *testing.T) {
	s := newSite(t)
	var ids []account.ID
	for _, name := range []string{"Ольга Коваль", "Twin", "TWIN", "Ann"} {
		m, err := s.svc.SaveManager(t.Context(), account.Manager{Name: name}, account.Actor{}, "")
		require.NoError(t, err)
		ids = append(ids, m.ID)
	}
	file := "login,company,manager\nfirst,A,ОЛЬГА КОВАЛЬ\nsecond,A,tWin\nthird,A,Nobody\nfourth,A," + ids[1].String() + "\nfifth,A,Twin\nsixth,A,TWIN\n"
	batch := s.begun(s.importFile(file))
	judged := s.get(batch)
	assert.Contains(t, judged.text(), "1 Manager: Several have this name: write the id.")
	assert.Contains(t, judged.text(), "1 Manager: This manager does not exist.")
	s.run(batch, "good")
	for login, manager := range map[string]account.ID{"first": ids[0], "fourth": ids[1], "fifth": ids[1], "sixth": ids[2]} {
		made, err := s.svc.ByLogin(t.Context(), login)
		require.NoError(t, err)
		assert.Equal(t, manager, made.Core.Manager, login)
	}

	s.policy.Scope = adminhttp.ClientsOf(ids[1])
	batch = s.begun(s.importFile("login,company,manager\nseventh,A,twin\neighth,A,Ann\n"))
	assert.Contains(t, s.run(batch, "good").text(), "1 Done")
	made, err := s.svc.ByLogin(t.Context(), "seventh")
	require.NoError(t, err)
	assert.Equal(t, ids[1], made.Core.Manager)
}

// What pages write of choices, countries and switches is read from a file, in English and in the
// language of the page, and so is what spreadsheets write in it.
func TestWordsOfFiles(t *testing.T) {
	s := newSiteOver(t, newPostbox(t).svc, func(c *adminhttp.Config) {
		c.Languages = []adminhttp.Language{adminhttp.Ukrainian(), {Tag: "en"}}
		c.Language = func(*http.Request) string { return "uk" }
	})
	file := "Логін;Компанія;Країна;Статус;Може надсилати через SMPP;Може надсилати через API\n" +
		"uk1;A;Україна;активний;так;ХИБНІСТЬ\nuk2;A;ukraine;Active;увімкнено;ні\nuk3;A;ua;active;ІСТИНА;вимкнено\nuk4;A;UA;Активний;yes;0\n"
	batch := s.begun(s.importFile(file, "decimal", "comma"))
	s.run(batch, "all")
	for _, login := range []string{"uk1", "uk2", "uk3", "uk4"} {
		made, err := s.svc.ByLogin(t.Context(), login)
		require.NoError(t, err)
		assert.Equal(t, account.Country("UA"), made.Contact.Country, login)
		assert.Equal(t, account.StatusActive, made.Status, login)
		assert.Equal(t, []bool{true, false}, []bool{made.Sending.SMPP, made.Sending.API}, login)
	}
	refused := s.begun(s.importFile("login,company,country,sending.smpp\nuk5,A,Atlantis,maybe\n"))
	s.get(refused)
	assert.Contains(t, s.get(refused+"/faults").html, "Atlantis,maybe")
}

// Days and instants as spreadsheets write them, by the clock of the client.
func TestInstantsOfFiles(t *testing.T) {
	s := newSite(t)
	file := "login,company,time_zone,expires_at\n" +
		"day,A,Europe/Kyiv,2099-12-31\nlocal,A,Europe/Kyiv,31.12.2099\nnoon,A,Europe/Kyiv,31.12.2099 12:00\nseconds,A,Europe/Kyiv,2099-12-31 12:00:00\nours,A,Europe/Kyiv,2099-12-31T10:00:00Z\n" +
		"american,A,Europe/Kyiv,12/31/2099\nnumber,A,Europe/Kyiv,46387\nnone,A,Europe/Kyiv,31.13.2099\n"
	batch := s.begun(s.importFile(file))
	judged := s.get(batch)
	assert.Contains(t, judged.text(), "3 Account expires: Enter a date and time")
	s.run(batch, "good")
	for login, at := range map[string]string{"day": "2099-12-30T22:00:00Z", "local": "2099-12-30T22:00:00Z", "noon": "2099-12-31T10:00:00Z", "seconds": "2099-12-31T10:00:00Z", "ours": "2099-12-31T10:00:00Z"} {
		made, err := s.svc.ByLogin(t.Context(), login)
		require.NoError(t, err, login)
		f, _ := account.FieldAt("expires_at")
		assert.Equal(t, at, f.Text(made), login)
	}
}
