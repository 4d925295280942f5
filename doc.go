// Package clientaccount is the account of each client of an SMS platform: who the
// client is, how and when they may send, what they may spend, where their reports go,
// and who changed what. A platform embeds it, hands it a store, and asks it; an
// optional admin (package adminhttp) mounts in the platform's own server.
//
//	svc := clientaccount.New(memstore.New(), nil)
//	made, err := svc.Create(ctx, clientaccount.Edit{
//		Actor: account.Actor{ID: "u1", Name: "Olena Koval"},
//		Apply: func(a *account.Account) error {
//			a.Core.Login = "acme"
//			a.Core.Password = account.SetPassword(password, password)
//			a.Contact.Company = "Acme Telecom Ltd"
//			a.Status, a.Sending.REST = account.StatusActive, true
//			return nil
//		},
//	})
//	_, err = svc.TopUp(ctx, clientaccount.TopUp{Account: made.Account.ID, Amount: account.Amount("10"), Reference: "payment-17"})
//	admitted, err := svc.Admit(ctx, made.Account.ID, request, clientaccount.MessageHold{Reference: "message-4711"})
//	if err == nil && admitted.Send() {
//		// hand it to the network, then svc.Capture, or svc.Release
//	}
//	_, err = svc.SubmitState(ctx, made.Account.ID, report)
//
// # Packages
//
//   - account: the domain, pure: fields, changes, amounts, statuses.
//   - validate: what is acceptable, with a stable code for every fault.
//   - store: the contract of a backend; store/storetest its tests, store/memstore
//     the one in memory, store/bunstore PostgreSQL and SQLite.
//   - webhook: the dispatcher that calls clients' URLs; webhook/payload is what they
//     are told, webhook/target which URLs and addresses may be called.
//   - adminhttp: pages and JSON over a Service.
//
// The Service in this package joins them: it alone reads the clock, makes ids,
// hashes passwords and tries again after a lost race.
package clientaccount
