package main

// demoManagers look after the demo clients.
var demoManagers = []struct{ name, email, phone string }{
	{"Olena Koval", "olena.koval@example.com", "+380501112201"},
	{"Marek Zielinski", "marek.zielinski@example.com", "+48512345602"},
	{"Grace Whitfield", "grace.whitfield@example.com", "+447400123403"},
	{"Farid Aliyev", "farid.aliyev@example.com", "+994401234504"},
	{"Ines Carvalho", "ines.carvalho@example.com", "+351912345605"},
	{"Daniel Okafor", "daniel.okafor@example.com", "+2348021234506"},
}

// The demo products, by their place in demoProducts.
const (
	noProduct = iota - 1
	standard
	wholesale
	otp
	global
	ukraine
	britain
)

// demoProducts are tariffs: price of a message part, and defaults where given.
var demoProducts = []struct{ name, currency, price, credit, priority, dlrDays, moderation, pricing, refunds string }{
	{"Standard EUR", "EUR", "0.0410", "", "", "", "automatic", "sent", "UNDELIV,REJECTD,timeout"},
	{"Wholesale EUR", "EUR", "0.0285", "5000", "1", "", "", "", "REJECTD"},
	{"One-time passwords EUR", "EUR", "0.0520", "1000", "3", "1", "", "delivered", ""},
	{"Global USD", "USD", "0.0460", "2000", "1", "", "", "", "REJECTD"},
	{"Ukraine UAH", "UAH", "1.1500", "20000", "", "2", "automatic", "", ""},
	{"Britain GBP", "GBP", "0.0360", "1500", "1", "", "", "", "UNDELIV,REJECTD"},
}

// demoClient is a row to make a client from. Companies and people are invented;
// their domains are beneath example.com, which belongs to nobody.
type demoClient struct {
	login, company, first, last string
	country, zone               string
	product                     int
	phone                       string
}

var demoClients = []demoClient{
	{"aldermere", "Aldermere Messaging Ltd", "Harriet", "Pell", "GB", "Europe/London", britain, "+447400123456"},
	{"amberline", "Amberline Logistics Sp. z o.o.", "Tomasz", "Wrona", "PL", "Europe/Warsaw", standard, "+48512345678"},
	{"arkona.bank", "Arkona Bank AG", "Jonas", "Reuter", "DE", "Europe/Berlin", otp, "+4915123456789"},
	{"azurgate", "Azurgate SAS", "Camille", "Perrin", "FR", "Europe/Paris", wholesale, "+33612345678"},
	{"balticwave", "Balticwave UAB", "Rasa", "Petrauskaite", "LT", "Europe/Vilnius", wholesale, "+37061234567"},
	{"barvinok", "Barvinok Retail LLC", "Oksana", "Melnyk", "UA", "Europe/Kyiv", ukraine, "+380501234567"},
	{"bluequay", "Bluequay Travel Ltd", "Owen", "Maddox", "GB", "Europe/London", britain, "+447400223456"},
	{"boreal", "Boreal Insurance AB", "Elin", "Sandstrom", "SE", "Europe/Stockholm", standard, "+46701234567"},
	{"brightfold", "Brightfold Clinics GmbH", "Lena", "Vogt", "DE", "Europe/Berlin", standard, "+4915123456790"},
	{"cargolux.id", "Cargo Lumina BV", "Sander", "de Wit", "NL", "Europe/Amsterdam", standard, "+31612345678"},
	{"carpatia", "Carpatia Telecom SRL", "Andrei", "Munteanu", "RO", "Europe/Bucharest", wholesale, "+40712034567"},
	{"chestnut", "Chestnut Learning Ltd", "Priya", "Nair", "GB", "Europe/London", britain, "+447400323456"},
	{"cloudpier", "Cloudpier OU", "Kadri", "Tamm", "EE", "Europe/Tallinn", global, "+37251234567"},
	{"corvida", "Corvida Security Inc.", "Marcus", "Bell", "US", "America/New_York", global, "+12015550123"},
	{"daybreak", "Daybreak Media Kft.", "Balazs", "Farkas", "HU", "Europe/Budapest", standard, "+36201234567"},
	{"deltamark", "Deltamark d.o.o.", "Ivana", "Horvat", "HR", "Europe/Zagreb", standard, "+385921234567"},
	{"dobrobut-kyiv", "Dobryi Likar Clinic LLC", "Andrii", "Savchuk", "UA", "Europe/Kyiv", ukraine, "+380671234568"},
	{"duneline", "Duneline Trading FZE", "Khalid", "Rahman", "AE", "Asia/Dubai", global, "+971501234567"},
	{"eastgate.sms", "Eastgate SMS Ltd", "Nino", "Kapanadze", "GE", "Asia/Tbilisi", wholesale, "+995555123456"},
	{"elmwood", "Elmwood Dental Group", "Sarah", "Kim", "CA", "America/Toronto", global, "+15062345678"},
	{"everpost", "Everpost Couriers SpA", "Giulia", "Ferri", "IT", "Europe/Rome", standard, "+393123456789"},
	{"farol", "Farol Pagamentos SA", "Tiago", "Moreira", "PT", "Europe/Lisbon", otp, "+351912345678"},
	{"fintrove", "Fintrove Wallet Ltd", "Aoife", "Brennan", "IE", "Europe/Dublin", otp, "+353850123456"},
	{"fjordhub", "Fjordhub AS", "Ingrid", "Hauge", "NO", "Europe/Oslo", standard, "+4740612345"},
	{"glasswing", "Glasswing Analytics Pte Ltd", "Wei", "Ling", "SG", "Asia/Singapore", global, "+6581234567"},
	{"goldfinch", "Goldfinch Savings Coop", "Wanjiru", "Kamau", "KE", "Africa/Nairobi", global, "+254712123456"},
	{"granary", "Granary Foods LLC", "Petro", "Hnatiuk", "UA", "Europe/Kyiv", ukraine, "+380631234569"},
	{"greenlatch", "Greenlatch Energy Ltd", "Callum", "Reid", "GB", "Europe/London", britain, "+447400423456"},
	{"harbour.pay", "Harbour Pay Ltd", "Chidi", "Eze", "NG", "Africa/Lagos", global, "+2348021234567"},
	{"helvia", "Helvia Privatkredit AG", "Reto", "Baumann", "CH", "Europe/Zurich", otp, "+41781234567"},
	{"hopscotch", "Hopscotch Toys SL", "Lucia", "Navarro", "ES", "Europe/Madrid", standard, "+34612345678"},
	{"ironbridge", "Ironbridge Foundries Ltd", "Megan", "Price", "GB", "Europe/London", britain, "+447400523456"},
	{"istra.mobile", "Istra Mobile d.o.o.", "Luka", "Babic", "HR", "Europe/Zagreb", wholesale, "+385921234577"},
	{"jasmin.retail", "Jasmin Retail SAE", "Nour", "Hassan", "EG", "Africa/Cairo", global, "+201001234567"},
	{"kalyna.post", "Kalyna Post LLC", "Iryna", "Bondar", "UA", "Europe/Kyiv", ukraine, "+380931234570"},
	{"kestrel", "Kestrel Airways GmbH", "Florian", "Huber", "AT", "Europe/Vienna", otp, "+43664123456"},
	{"kitebox", "Kitebox Games OY", "Aino", "Lehto", "FI", "Europe/Helsinki", standard, "+358412345678"},
	{"kometa", "Kometa Finance LLP", "Aigerim", "Sadykova", "KZ", "Asia/Almaty", global, "+77710009998"},
	{"lanternfish", "Lanternfish Labs KK", "Haruto", "Sato", "JP", "Asia/Tokyo", global, "+819012345678"},
	{"larchmont", "Larchmont Realty LLC", "Denise", "Carver", "US", "America/Chicago", global, "+12015550188"},
	{"limetree", "Limetree Pharmacy SA", "Eleni", "Pappas", "GR", "Europe/Athens", standard, "+306912345678"},
	{"lumenia", "Lumenia Telecom s.r.o.", "Pavel", "Dvorak", "CZ", "Europe/Prague", wholesale, "+420601123456"},
	{"marigold", "Marigold Weddings Pvt Ltd", "Anjali", "Mehta", "IN", "Asia/Kolkata", global, "+918123456789"},
	{"meridian.io", "Meridian Cloud Inc.", "Alex", "Novak", "US", "America/Los_Angeles", global, "+12015550147"},
	{"mosaika", "Mosaika Ticketing EOOD", "Boyan", "Iliev", "BG", "Europe/Sofia", standard, "+35943012345"},
	{"northquill", "Northquill Press Ltd", "Edith", "Lowe", "GB", "Europe/London", britain, "+447400623456"},
	{"oakwell", "Oakwell Housing Trust", "Simon", "Hart", "GB", "Europe/London", britain, "+447400723456"},
	{"orbita", "Orbita Messaging LLC", "Dmytro", "Lysenko", "UA", "Europe/Kyiv", ukraine, "+380971234571"},
	{"palmares", "Palmares Entregas Ltda", "Rafaela", "Souza", "BR", "America/Sao_Paulo", global, "+5511961234567"},
	{"pinecrest", "Pinecrest Schools (Pty) Ltd", "Thabo", "Mokoena", "ZA", "Africa/Johannesburg", global, "+27711234567"},
	{"quarrystone", "Quarrystone Credit SIA", "Janis", "Ozols", "LV", "Europe/Riga", otp, "+37121234567"},
	{"redkite", "Redkite Parcels BVBA", "Lotte", "Claes", "BE", "Europe/Brussels", standard, "+32470123456"},
	{"saffron.bus", "Saffron Bus Lines AS", "Emre", "Yildiz", "TR", "Europe/Istanbul", standard, "+905012345678"},
	{"silverbirch", "Silverbirch Hotels Oy", "Mikko", "Aalto", "FI", "Europe/Helsinki", noProduct, "+358412345679"},
	{"skylark", "Skylark Reminders", "Nadia", "Benali", "MA", "Africa/Casablanca", global, "+212650123456"},
	{"solis", "Solis Utility SA de CV", "Diego", "Fuentes", "MX", "America/Mexico_City", global, "+522221234567"},
	{"tidewater", "", "Anna", "Lindqvist", "SE", "Europe/Stockholm", standard, "+46701234577"},
	{"thistle", "", "Hamish", "Drummond", "GB", "Europe/London", britain, "+447400823456"},
	{"vesna.studio", "", "Vesna", "Kralj", "SI", "Europe/Ljubljana", noProduct, "+38631234567"},
	{"zelenka", "", "Yurii", "Zelenko", "UA", "Europe/Kyiv", ukraine, "+380501234572"},
}
