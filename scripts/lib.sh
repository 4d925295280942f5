# What the scripts share. Sourced from the repository's top, not run.
# shellcheck shell=bash disable=SC2034

modules=(. account/document/pdf account/price/xlsx examples internal/dbtest internal/openapitest mail/smtp webhook/webhookotel) # those of go.work
tools=$PWD/bin                                                                        # where build_tools puts the tools

step() { printf '\n== %s\n' "$*"; }

fail() {
	printf '%s\n' "$*" >&2
	exit 1
}

# build_tools builds staticcheck, gofumpt and govulncheck, in the versions that
# internal/tools/go.mod names. It takes about a minute the first time and none
# after.
build_tools() {
	step "build the tools"
	GOWORK=off go -C internal/tools build -o "$tools/" tool
}
