package pdf_test

import (
	"bytes"
	"fmt"
	"log"

	"github.com/clientaccount/clientaccount/account/document"
	"github.com/clientaccount/clientaccount/account/document/pdf"
)

func ExampleWrite() {
	var kept document.Document = document.Invoice{Head: document.Head{Currency: "EUR"}} // as document.Decode read it
	words := document.English()
	words.Titles[document.KindInvoice] = "Rechnung"

	var file bytes.Buffer
	if err := pdf.Write(&file, kept, words, pdf.Fonts{}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(file.String()[:5])
	// Output: %PDF-
}
