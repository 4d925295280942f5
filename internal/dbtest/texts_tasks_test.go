package dbtest

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/clientaccount/clientaccount"
	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/store"
)

// entrancesOfTasks returns those of tasks and batches.
func entrancesOfTasks() map[string]entrance {
	type service = clientaccount.Service
	all := map[string]entrance{
		"ProposeMove": {"reference idempotency.chars", func(ctx context.Context, svc *service, a account.Account, s string) error {
			m := account.Movement{Kind: account.KindTopUp, Account: a.ID, Amount: decimal.NewFromInt(1), Reference: s}
			_, err := svc.ProposeMove(ctx, svc.Now().Add(time.Hour), m, account.Optional[[]account.ID]{})
			return err
		}},
		"NewBatch": {"title text.chars", func(ctx context.Context, svc *service, _ account.Account, s string) error {
			_, err := svc.NewBatch(ctx, clientaccount.Bulk{Kind: store.BatchChange, Title: s})
			return err
		}},
		"RunBatch": {"actor text.chars", func(ctx context.Context, svc *service, _ account.Account, s string) error {
			_, err := svc.RunBatch(ctx, account.ID{1}, clientaccount.Edit{Actor: account.Actor{Name: s}}, true)
			return err
		}},
		"StopBatch": {"actor text.chars", func(ctx context.Context, svc *service, _ account.Account, s string) error {
			_, err := svc.StopBatch(ctx, account.ID{1}, account.Actor{ID: s})
			return err
		}},
		"UndoBatch": {"reason text.chars", func(ctx context.Context, svc *service, _ account.Account, s string) error {
			_, err := svc.UndoBatch(ctx, account.ID{1}, clientaccount.Bulk{Kind: store.BatchUndo, Reason: s})
			return err
		}},
	}
	for name, edit := range map[string]func(*service, context.Context, account.Account, clientaccount.Edit) error{
		"Schedule": func(svc *service, ctx context.Context, a account.Account, e clientaccount.Edit) error {
			_, err := svc.Schedule(ctx, a.ID, a.Revision, svc.Now().Add(time.Hour), e)
			return err
		},
		"Propose": func(svc *service, ctx context.Context, a account.Account, e clientaccount.Edit) error {
			_, err := svc.Propose(ctx, a.ID, a.Revision, svc.Now().Add(time.Hour), e)
			return err
		},
		"Confirm": func(svc *service, ctx context.Context, _ account.Account, e clientaccount.Edit) error {
			_, err := svc.Confirm(ctx, account.ID{1}, e)
			return err
		},
		"Cancel": func(svc *service, ctx context.Context, _ account.Account, e clientaccount.Edit) error {
			_, err := svc.Cancel(ctx, account.ID{1}, e.Actor, e.Reason)
			return err
		},
	} {
		all[name+", actor"] = entrance{"actor text.chars", editing(edit, inEditor)}
		all[name+", reason"] = entrance{"reason text.chars", editing(edit, inWhy)}
	}
	return all
}
