package validate

import (
	"strings"

	"github.com/clientaccount/clientaccount/account"
)

// maxSystemID is the most characters of an SMPP system_id (SMPP 3.4, 5.2.1: 16
// octets with the closing NUL).
const maxSystemID = 15

// Each function below is the rules of one subject that join several fields or
// need facts. found is what is known to be wrong already.

// parentFaults checks where a new account is hung in. The parent of an account
// that exists never changes.
func parentFaults(a account.Account, f Facts, found account.Faults) account.Faults {
	if f.Before != nil || a.Parent.IsZero() {
		return nil
	}
	const path = "parent"
	if f.Parent == nil {
		return account.Faults{account.NewFault(path, "parent.unknown")}
	}
	var faults account.Faults
	if !f.Parent.Sending.Subaccounts || f.Parent.Status == account.StatusClosed {
		faults = append(faults, account.NewFault(path, "parent.forbidden"))
	}
	if f.ParentDepth >= account.MaxDepth {
		faults = append(faults, account.NewFault(path, "parent.depth", account.MaxDepth))
	}
	if f.Parent.Core.Currency != a.Core.Currency && !found.On("currency") {
		faults = append(faults, account.NewFault(path, "parent.currency", string(f.Parent.Core.Currency)))
	}
	return faults
}

// loginFaults says one thing at a time about a login.
func loginFaults(a account.Account, f Facts, found account.Faults) account.Faults {
	switch {
	case found.On("login"):
		return nil
	case a.Sending.SMPP && len(a.Core.Login) > maxSystemID:
		return account.Faults{account.NewFault("login", "login.smpp_length")}
	case f.LoginTaken:
		return account.Faults{account.NewFault("login", "login.taken")}
	default:
		return nil
	}
}

// referenceFaults checks the manager and the product.
func referenceFaults(a account.Account, f Facts, found account.Faults) account.Faults {
	var faults account.Faults
	if !a.Core.Manager.IsZero() && f.Manager == nil {
		faults = append(faults, account.NewFault("manager", "manager.unknown"))
	}
	const path = "notes.product"
	switch product, own := f.Product, a.Core.Currency; {
	case a.Notes.Product.IsZero():
	case product == nil:
		faults = append(faults, account.NewFault(path, "product.unknown"))
	case product.Currency != "" && product.Currency != own && !found.On("currency"):
		faults = append(faults, account.NewFault(path, "product.currency", string(product.Currency), string(own)))
	}
	return faults
}

// contactFaults wants the names that the legal form needs, and a contract number
// of the client's own.
func contactFaults(a account.Account, f Facts, _ account.Faults) account.Faults {
	var faults account.Faults
	need := func(path, value, code string) {
		if strings.TrimSpace(value) == "" {
			faults = append(faults, account.NewFault(path, code))
		}
	}
	switch a.Billing.Enterprise {
	case account.EnterpriseCompany:
		need("contact.company", a.Contact.Company, "company.required")
	case account.EnterprisePrivate:
		need("contact.first_name", a.Contact.FirstName, "name.required")
		need("contact.last_name", a.Contact.LastName, "name.required")
	}
	if f.ContractTaken && a.Contact.Contract != "" {
		faults = append(faults, account.NewFault("contact.contract", "contract.taken"))
	}
	return faults
}

// statusFaults checks a change of status.
func statusFaults(a account.Account, f Facts, found account.Faults) account.Faults {
	const path = "status"
	if f.Before == nil || f.Before.Status == a.Status || found.On(path) {
		return nil
	}
	switch before := f.Before.Status; {
	case !before.CanBecome(a.Status) && before == account.StatusClosed:
		return account.Faults{account.NewFault(path, "status.transition")}
	case !before.CanBecome(a.Status):
		return account.Faults{account.NewFault(path, "status.pending")}
	case a.Status == account.StatusClosed && f.OpenSubaccounts > 0:
		return account.Faults{account.NewFault(path, "status.subaccounts", f.OpenSubaccounts)}
	case a.Status == account.StatusClosed && f.Held.IsPositive():
		return account.Faults{account.NewFault(path, "status.held", a.Core.Currency.Format(f.Held))}
	default:
		return nil
	}
}

// permissionFaults checks permissions that something stands upon.
func permissionFaults(a account.Account, f Facts, _ account.Faults) account.Faults {
	switchedOff := !a.Sending.Subaccounts && (f.Before == nil || f.Before.Sending.Subaccounts)
	if switchedOff && f.OpenSubaccounts > 0 {
		return account.Faults{account.NewFault("sending.subaccounts", "subaccounts.in_use", f.OpenSubaccounts)}
	}
	return nil
}

// mailFaults checks what is mailed, against the addresses and dates it needs.
func mailFaults(a account.Account, _ Facts, _ account.Faults) account.Faults {
	var faults account.Faults
	if a.Mail.PriceUpdate != "" && a.Mail.PriceFormat == "" {
		faults = append(faults, account.NewFault("mail.price_update", "price_format.required"))
	}
	if a.Billing.ToEmail && a.Mail.Billing == "" && a.Mail.Email == "" {
		faults = append(faults, account.NewFault("mail.billing", "billing_email.required"))
	}
	if a.Billing.SendInvoices && len(a.Billing.InvoiceDays.Days()) == 0 {
		faults = append(faults, account.NewFault("billing.invoice_days", "invoice_days.required"))
	}
	return faults
}
