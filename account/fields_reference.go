package account

// ManagerTable returns the fields of managers.
func ManagerTable() Table[Manager] { return managers }

// ProductTable returns the fields of products.
func ProductTable() Table[Product] { return products }

var managers = newTable(nil, []row[Manager]{
	{func(m *Manager) value { return textValue[string]{&m.Name} }, Field{
		Path: "name", Label: "Name", Kind: FieldText, Noun: "manager_name", Since: "0.1.0",
		Rules:  "required,max=100,line",
		texts:  texts{"required": "A manager needs a name."},
		Values: "up to 100 characters",
		Effect: "What clients and colleagues see.",
	}},
	{func(m *Manager) value { return textValue[string]{&m.Email} }, Field{
		Path: "email", Label: "E-mail", Kind: FieldEmail, Noun: "email", Since: "0.1.0",
		Rules:  emailRules,
		Values: "one e-mail address",
		Effect: "Shown as contact on mails to the clients.",
	}},
	{func(m *Manager) value { return phoneValue{&m.Phone} }, Field{
		Path: "phone", Label: "Phone", Kind: FieldPhone, Noun: "phone", Since: "0.1.0",
		Rules:  phoneRules,
		Values: "an international number",
		Effect: "In international format, for example +380501112233.",
	}},
})

var products = newTable(nil, []row[Product]{
	{func(p *Product) value { return textValue[string]{&p.Name} }, Field{
		Path: "name", Label: "Name", Kind: FieldText, Noun: "product_name", Since: "0.1.0",
		Rules:  "required,max=100,line",
		texts:  texts{"required": "A product needs a name."},
		Values: "up to 100 characters",
		Effect: "What account managers choose by.",
	}},
	{func(p *Product) value { return exactValue[Currency]{&p.Currency} }, Field{
		Path: "currency", Label: "Currency", Kind: FieldCurrency, Noun: "currency", Since: "0.1.0",
		Rules:  "omitempty,currency",
		texts:  texts{"required": "Prices and limits need a currency."},
		Values: "an active ISO 4217 currency; required for a price or a credit",
		Effect: "Must be that of the clients who have the product.",
	}},
	{func(p *Product) value { return amountValue{&p.Price} }, Field{
		Path: "price", Label: "Price of a message part", Kind: FieldAmount, Noun: "price", Since: "0.1.0",
		Rules: amountRules, Places: MaxScale,
		texts: texts{
			"format":   "Enter an amount, for example 0.0312.",
			"negative": "The price cannot be negative.",
			"scale":    "At most %d decimals.",
		},
		Values: "an amount from 0, of at most 6 decimals; empty for none",
		Effect: "The reference price, at most 6 decimals.",
	}},
	{func(p *Product) value { return amountValue{&p.CreditLimit} }, Field{
		Path: "credit_limit", Label: "Allow credit", Kind: FieldAmount, Noun: "credit", Since: "0.1.0",
		Rules:  amountRules,
		Values: "an amount from 0, in the currency's minor digits; empty for none",
		Effect: "For clients without a limit of their own.",
	}},
	{func(p *Product) value { return numberValue{&p.Priority} }, Field{
		Path: "priority", Label: "SMS priority", Kind: FieldChoice, Noun: "priority", Since: "0.1.0",
		Choices: priorityChoices,
		Rules:   priorityRules,
		Values:  "0 to 3, 3 is highest; empty for none",
		Effect:  "For clients without a priority of their own.",
	}},
	{func(p *Product) value { return numberValue{&p.DLRDays} }, Field{
		Path: "dlr_days", Label: "Days of waiting DLR", Kind: FieldNumber, Noun: "dlr_days", Since: "0.1.0",
		Rules:  dlrDaysRules,
		Values: "1 to 30 days; empty for none",
		Effect: "1 to 30, for clients without a number of their own.",
	}},
	{func(p *Product) value { return exactValue[Moderation]{&p.Moderation} }, Field{
		Path: "moderation", Label: "Moderation", Kind: FieldChoice, Noun: "moderation", Since: "0.1.0",
		Choices: moderationChoices,
		Rules:   moderationRules,
		Values:  "none, manual or automatic; empty for none",
		Effect:  "For clients without a choice of their own.",
	}},
	{func(p *Product) value { return exactValue[Pricing]{&p.Pricing} }, Field{
		Path: "pricing", Label: "Pay for", Kind: FieldChoice, Noun: "pricing", Since: "0.1.0",
		Choices: pricingChoices, Default: string(PricingSent),
		Rules:  "omitempty," + oneOf(pricingChoices),
		texts:  texts{"choice": "Choose sent or delivered."},
		Values: "sent or delivered; empty for sent",
		Effect: "A message is paid for when a network takes it, or when it is delivered in time.",
	}},
	{func(p *Product) value { return refundValue{&p.Refunds} }, Field{
		Path: "refunds", Label: "Give money back when", Kind: FieldSet, Noun: "refunds", Since: "0.1.0",
		Choices: refundChoices,
		Rules:   "refundable",
		texts: texts{
			"format":     "Choose from EXPIRED, DELETED, UNDELIV, REJECTD, SKIPPED and timeout.",
			"refundable": "Money is given back only after a final state other than DELIVRD: EXPIRED, DELETED, UNDELIV, REJECTD or SKIPPED.",
			"delivered":  "Who pays for delivered messages has paid for no others: choose nothing here.",
		},
		Values: "some of EXPIRED, DELETED, UNDELIV, REJECTD, SKIPPED and timeout; only with sent",
		Effect: "The ends after which a message that was paid for costs nothing.",
	}},
})
