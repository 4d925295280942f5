package xlsx_test

// What LibreOffice sees in our files, and we in its own, where it is installed.

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/account/price"
	"github.com/clientaccount/clientaccount/account/price/xlsx"
	"github.com/clientaccount/clientaccount/account/sheet"
)

// convert has LibreOffice open files, of which from is the format, and save each as another.
// options are how it opens them, as "CSV:44,34,76,1".
func convert(t *testing.T, from, to, options string, files ...[]byte) (converted [][]byte) {
	office, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("LibreOffice is not installed: apt-get install --no-install-recommends libreoffice-calc")
	}
	dir := t.TempDir()
	args := []string{"-env:UserInstallation=file://" + dir + "/user", "--headless", "--convert-to", to, "--outdir", dir}
	if options != "" {
		args = append(args, "--infilter="+options)
	}
	for i, content := range files {
		path := filepath.Join(dir, fmt.Sprint(i, ".", from))
		require.NoError(t, os.WriteFile(path, content, 0o600))
		args = append(args, path)
	}
	out, err := exec.CommandContext(t.Context(), office, args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	for i := range files {
		content, err := os.ReadFile(filepath.Join(dir, fmt.Sprint(i, ".", to)))
		require.NoError(t, err, "%s", out)
		converted = append(converted, content)
	}
	return converted
}

var (
	formulas = regexp.MustCompile(`table:formula="[^"]*"`)
	numbers  = regexp.MustCompile(`office:value-type="float"[^>]* office:value="([^"]*)"`)
)

func TestLibreOfficeSeesNumbersAndNoFormula(t *testing.T) {
	opened := string(convert(t, "xlsx", "fods", "", write(t, update(t)))[0])

	assert.Empty(t, formulas.FindAllString(opened, -1))
	sum := amount("0")
	for _, number := range numbers.FindAllStringSubmatch(opened, -1) {
		sum = sum.Add(amount(number[1]))
	}
	assert.Equal(t, "1000000000000001.170001", sum.String(), "with the 15 digits that its numbers have")
	assert.Contains(t, opened, "Київ 003")
}

// A CSV has no formula, whatever is taken for a separator.
func TestLibreOfficeSeesNoFormulaInCSV(t *testing.T) {
	texts := []string{
		"=1+1", "+1+1", "-1+1", "@SUM(1;2)", "\t=1+1", "\r=1+1", "a;=1+1", "a,\"=1+1", "a|-1+1", "\n@SUM(1)", " =1+1", "a\t=1+1",
		`";"=1+1`, `x";"=1+1`, "x,\t\u00a0=1+1", `"=1+1"`, `x;"=1+1"`, "=\"a;=1+1\"",
	}
	live := strings.Join(texts, "\n")
	var safe bytes.Buffer
	table := sheet.Sheet{Header: []string{"a", "=1+1"}, Rows: func(yield func([]any) bool) {
		for _, text := range texts {
			if !yield([]any{text, "b;" + text}) {
				return
			}
		}
	}}
	require.NoError(t, table.WriteCSV(&safe, sheet.Options{}))

	for _, separators := range []string{"59", "44/59/9/124"} { // semicolons; any of , ; tab |
		how := "CSV:" + separators + ",34,76,1,,1033,false,true,false,false,false,-1,true"
		opened := convert(t, "csv", "fods", how, []byte(live), safe.Bytes())
		assert.NotEmpty(t, formulas.FindAll(opened[0], -1), "else this shows nothing")
		assert.Empty(t, formulas.FindAll(opened[1], -1), "separated by %s", separators)
	}
}

func TestWorkbooksOfLibreOfficeAreRead(t *testing.T) {
	const file = "MCC,MNC,price,from\n255,\"01\",0.07,2026-12-01\n255,,=0.05*1.1,2026-12-01T10:30:00\n256,,closed,2026-12-02 12:00\n"
	how := "CSV:44,34,76,1,1/2/2/2/4/5,1033,true,true,false,false,false,-1,true" // MNC is text, instants are dates

	rows, err := xlsx.Read(bytes.NewReader(convert(t, "csv", "xlsx", how, []byte(file))[0]), price.ReadOptions{})

	require.NoError(t, err)
	require.Len(t, rows, 3)
	assert.Equal(t, "25501 0.07", rows[0].Code()+" "+rows[0].Price.String())
	assert.Equal(t, "255 0.055", rows[1].Code()+" "+rows[1].Price.String())
	assert.Equal(t, price.StateClosed, rows[2].State)
	assert.Equal(t, day0, rows[0].From)
	assert.Equal(t, day0.Add(10*time.Hour+30*time.Minute), rows[1].From)
	assert.Equal(t, day0.Add(36*time.Hour), rows[2].From)
}
