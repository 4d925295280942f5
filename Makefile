# Plain verbs; what they do is in scripts/ where it takes more than a line.
.DEFAULT_GOAL := help
.PHONY: help build test lint format race bench listbench many benchmarks fuzz mutate nightly pooler cover vuln generate tidy

MODULES := . account/document/pdf account/price/xlsx examples internal/dbtest internal/openapitest mail/smtp webhook/webhookotel

help: ## print this
	@sed -nE 's/^([a-z]+):.*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

build: ## compile every module
	go build work

test: ## all that a change must pass: checks, race tests, databases, browser
	./scripts/test

lint: ## golangci-lint (the checks of `test` are the required ones)
	@command -v golangci-lint >/dev/null || { \
		echo "golangci-lint is not installed:"; \
		echo "  go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@latest"; exit 1; }
	@for m in $(MODULES); do echo "== $$m"; (cd $$m && golangci-lint run ./...) || exit 1; done

format: ## rewrite the code the way the check wants it
	GOWORK=off go -C internal/tools build -o ../../bin/ tool
	bin/gofumpt -w .

race: ## the tests alone, with the race detector
	go test -race work

bench: ## how fast everything is that has a bar, as one table of ratios (docs/performance.md; a quarter of an hour)
	go test -run '^$$' -bench 'Bars$$' -benchtime 1x -timeout 60m ./internal/dbtest/moneybench

listbench: ## how fast the Clients list of a million clients is over HTTP (docs/performance.md; minutes to fill)
	go test -run '^$$' -bench 'List$$' -benchtime 1x -timeout 120m ./internal/dbtest/listbench

many: ## what is done to many of 100,000 clients at once, as one table for each database (docs/performance.md; half an hour)
	go test -run '^$$' -bench Many -benchtime 1x -timeout 120m ./internal/dbtest/manybench

benchmarks: ## the benchmarks of every module
	go test -run '^$$' -bench . -skip 'Bars|BenchmarkList|BenchmarkMany' -benchmem -timeout 60m work

fuzz: ## every fuzz target for FUZZTIME (20s)
	./scripts/fuzz

nightly: ## fuzzing, and the long rounds of random tests (hours)
	./scripts/nightly

pooler: ## every promise of a store, through PgBouncer in transaction mode
	CLIENTACCOUNT_POOLER=1 go test -run 'ThroughAPooler' -timeout 30m ./internal/dbtest

mutate: ## which changes of the money files no test notices (20 minutes and more)
	./scripts/mutate

cover: ## the tests' coverage, into coverage.html
	go test -coverpkg work -coverprofile coverage.out work
	go tool cover -html coverage.out -o coverage.html
	@go tool cover -func coverage.out | tail -1

vuln: ## known vulnerabilities in what the code calls
	./scripts/vuln

generate: ## remake the generated files
	go generate work

tidy: ## go mod tidy in every module
	@for m in $(MODULES) internal/tools internal/mutate internal/inbucket; do echo "== $$m"; GOWORK=off go -C $$m mod tidy || exit 1; done
