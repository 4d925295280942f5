package dbtest

import (
	"os"
	"testing"

	"github.com/clientaccount/clientaccount/internal/dbtest/postgres"
)

func TestMain(m *testing.M) {
	if asStarter() {
		os.Exit(runStarter())
	}
	if asTeller() {
		os.Exit(runTeller())
	}
	if asSender() {
		os.Exit(runSender())
	}
	if asSubscriber() {
		os.Exit(runSubscriber())
	}
	if asCourier() {
		os.Exit(runCourier())
	}
	if asBiller() {
		os.Exit(runBiller())
	}
	if asWorker() {
		os.Exit(runWorker())
	}
	os.Exit(postgres.Main(m))
}
