module github.com/clientaccount/clientaccount/account/document/pdf

go 1.26.0

require (
	codeberg.org/go-pdf/fpdf v0.12.0
	github.com/clientaccount/clientaccount v0.0.0
	github.com/shopspring/decimal v1.6.0
	github.com/stretchr/testify v1.12.1
	golang.org/x/image v0.40.0
)

require (
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/text v0.43.0 // indirect
)

replace github.com/clientaccount/clientaccount => ../../..
