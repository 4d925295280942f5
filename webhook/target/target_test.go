package target_test

import (
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/clientaccount/clientaccount/webhook/target"
)

// refused lists, for each code, spellings that must get it from both families.
var refused = map[string][]string{
	"url.address_private": {
		"http://127.0.0.1/", "http://0.0.0.0/", "http://10.0.0.1/", "http://172.16.0.1/",
		"http://192.168.1.1/", "http://100.64.0.1/", "http://169.254.169.254/latest/meta-data/",
		"http://169.254.170.2/v2/credentials", "http://168.63.129.16/machine",
		"http://192.0.0.192/opc/v2/", "http://192.0.2.1/", "http://203.0.113.7/",
		"http://240.0.0.1/", "http://255.255.255.255/", "http://[::]/",
		"http://[::ffff:127.0.0.1]/", "http://[::ffff:169.254.169.254]/",
		"http://[0:0:0:0:0:ffff:a9fe:a9fe]/", "http://[64:ff9b::a9fe:a9fe]/",
		"http://[64:ff9b:1::7f00:1]/", "http://[2002:a9fe:a9fe::1]/",
		"http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", "http://[3fff::1]/",
		"http://[5f00::1]/", "http://[fe80::1]/", "http://[fec0::1]/",
		"http://[fd12:3456:789a::1]/", "http://[ff02::1]/",

		"http://127.255.255.254/", "http://127.0.0.1./", "https://127.0.0.1:8443/x?y=z",
		"http://127.0.0.1:6379/", "http://100.100.100.200/", "http://198.18.0.1/", "http://198.51.100.9/",
		"http://224.0.0.1/", "http://239.255.255.250/", "http://192.88.99.1/", "HTTP://10.1.2.3",
		"http://[::1]/", "http://[::1]:8080/", "http://[0000:0000:0000:0000:0000:0000:0000:0001]/",
		"http://[::127.0.0.1]/", "http://[::7f00:1]/", "http://[::FFFF:A9FE:A9FE]/",
		"http://[::ffff:0:127.0.0.1]/", "http://[64:ff9b::127.0.0.1]/", "http://[2002:7f00:1::]/",
		"http://[2001:db8::1]/", "http://[100::1]/", "http://[fd00:ec2::254]/",
		"http://[2600:1::5efe:a9fe:a9fe]/", "http://[2600:1::200:5efe:10.0.0.1]/",
	},
	"url.host_numeric": {
		"http://127.1/", "http://127.0.1/", "http://0177.0.0.1/", "http://0177.0.0.01/",
		"http://1.2.3/", "http://1.2.3.4.5/",

		"http://0x7f.1/", "http://0X7F.0.0.1/", "http://127.0.0.0x1/", "http://127.0.0.0X1/",
		"http://127.0.0.0x/", "http://127.0.1./", "http://8.8.8.8./", "http://08.8.8.8/",
		"http://256.256.256.256/", "http://127..1/", "http://client.io.1/", "http://1.2.3.4.5:80/",
		"http://127.0.0.017700000001/",
	},
	"url.host_public": {
		"http://2130706433/", "http://0x7f000001/",
		"http://metadata.google.internal/computeMetadata/v1/", "http://instance-data/latest",
		"http://LOCALHOST:8080/", "http://localhost./", "http://ip6-localhost/",
		"http://printer.local/", "http://intranet/", "http://router.home.arpa/", "http://xn--/..%2f",

		"http://017700000001/", "http://2130706433./", "http://a.LOCAL/", "http://a.internal./",
		"http://foo.localhost/", "http://localhost.localdomain/", "http://a.test/", "http://a.invalid/",
		"http://a.example/", "http://1.0.0.127.in-addr.arpa/", "http://x.onion/", "http://nas.lan/",
		"http://-a.internal/", "http://client.io.local/", "http://a_b/", "http://a.alt/", "http://a.corp/",
		"http://a.home/", "http://a.intranet/", "http://a.mail/", "http://a.private/", "http://ipv4only.arpa/",
	},
	"url.host": {
		"http://[fe80::1%25eth0]/", "https:client.io/cb", "https://", "http://-client.io/",
		"http://.client.io/",

		"http://[2600::1%25lo]/", "http://[::1%251]/", "http:/client.io/cb", "http:///client.io/cb",
		"http:", "http://:80/", "http://?x", "http://./", "http://../", "http://client-.io/",
		"http://client.-io/", "http://client..io/", "http://client.io../", "http://cli!ent.io/",
		"http://cli*ent.io/", "http://a,b.client.io/",
		"http://" + strings.Repeat("a", 64) + ".io/",
		"http://" + strings.Repeat("a.", 126) + "io/",
	},
	"url.scheme": {
		"ftp://example.com/", "file:///etc/passwd", "dict://127.0.0.1:11211/", "ldap://127.0.0.1/",
		"data:text/html,x", "unix:///var/run/docker.sock", "/relative", "client.io/cb",

		"", "http", "https", "//client.io/cb", "://client.io/", "client.io:8080/cb", "gopher://client.io/",
		"javascript:alert(1)", "data:text/html,<b>", "httpx://client.io/", "htt://client.io/",
		"http+unix://client.io/", "ws://client.io/", "ftp://user@client.io/#x", "ｈttp://client.io/",
		"0http://client.io/", "localhost:80", "?a=b", "#",
	},
	"url.userinfo": {
		"http://user:pass@client.io/", "http://client.io@127.0.0.1/", "http://client.io:80%2f@127.0.0.1/",

		"http://@client.io/", "http://:@client.io/", "http://user@client.io", "http://a@b@client.io/",
		"http://127.0.0.1%2f@client.io/", "http://[::1]@client.io/", "http://us%20er@client.io/",
		"http://client.io@?x", "http://client.io@/", "http://ｕ@client.io/",
	},
	"url.chars": {
		`http://client.io\@127.0.0.1/`, "http://cli\tent.io/", "http://client.io/a b",
		" http://client.io/", "http://cl\u200bient.io/",

		`http://client.io\\@127.0.0.1/`, `http:\\client.io\`, `http://client.io/a\b`, `http://client.io/?a=\`,
		"http://client.io/\n", "http://client.io/\r\nX-A: b", "\thttp://client.io/", "ht\ntp://client.io/",
		"http://client.io/\x00", "http://client.io/\x7f", "http://client.io/\u0085", "http://client.io/ ",
		"\ufeffhttp://client.io/", "http://client.io/\u00a0", "http://client\u00ad.io/", "http://client.io\u2028/",
		"http://\u202eoi.tneilc/", "http://cl\u2060ient.io/", "http://cl\u200dient.io/", "http://cl\u3000ient.io/",
		"http://client.io/\xff", "http://cli\xc3ent.io/", "http://us er@client.io/", "http://client.io/длр",
		"http://client.io/?a=<b>", "http://client.io/?a=\"b\"", "http://client.io/{id}", "http://client.io/a|b",
	},
	"url.fragment": {
		"http://client.io#@127.0.0.1/", "https://client.io/cb#frag",

		"https://client.io/#", "https://client.io#", "https://client.io?a=b#c", "http://127.0.0.1#.client.io/",
		"https://client.io/cb##", "https://client.io/cb?#",
	},
	"url.port": {
		"http://client.io:22/", "http://client.io:25/", "http://client.io:6379/", "http://client.io:0/",
		"http://client.io:/", "http://client.io:08443/",

		"http://client.io:", "https://client.io:?a", "http://client.io:080/", "http://client.io:00/",
		"http://client.io:1/", "http://client.io:81/", "http://client.io:1023/", "http://client.io:65536/",
		"http://client.io:99999999999999999999/", "http://client.io:3306/", "http://client.io:5432/",
		"http://client.io:6000/", "http://client.io:6667/", "http://client.io:10080/", "http://client.io:11211/",
		"http://client.io:27017/", "http://client.io:2375/", "http://[2606:4700:4700::1111]:/",
		"http://[2606:4700:4700::1111]:22/", "http://1.1.1.1:23/",
	},
	"url.syntax": {
		"http://client.io:80:443/", "http://%31%32%37.0.0.1/", "http://[::1", "http://::1/",

		"http://client.io:80:/", "http://%6cocalhost/", "http://client%2eio/", "http://client.io%00/",
		"http://client.io%2f/", "http://fe80::1/", "http://[::1]x/", "http://::1]/", "http://[127.0.0.1]/",
		"http://[client.io]/", "http://[]/", "http://[::1]:80:80/", "http://client.io:8o/", "http://client.io:-1/",
		"http://client.io:+80/", "http://client.io:0x50/", "http://client.io/%", "http://client.io/%zz",
		"http://client.io/?a=%", "http://client.io/?%g1=a",
	},
	"url.host_ascii": {
		"http://ⓛocalhost/", "http://①②⑦.⓪.⓪.①/",

		"http://１２７.0.0.1/", "http://127。0。0。1/", "http://client．io/", "http://пример.рф/", "http://сlient.io/",
		"http://ｌocalhost:80/", "http://%E2%93%9Bocalhost/", "http://client.io%ff/", "http://١٢٧.0.0.1/",
		"http://bücher.example/",
	},
	"url.length": {
		"https://client.io/" + strings.Repeat("a", target.MaxLength-len("https://client.io/")+1),
		strings.Repeat("\x00", 1<<20), strings.Repeat("http://u:p@", 1<<12),
	},
}

var accepted = []string{
	"https://client.io/dlr", "https://client.io:8443/dlr?token=abc", "https://CLIENT.io./dlr",
	"https://xn--e1afmkfd.xn--p1ai/dlr", "https://[2606:4700:4700::1111]/dlr", "https://a_b.client.io/dlr",

	"http://client.io", "HTTPS://client.io", "http://client.io/", "http://client.io?a", "http://client.io:80/",
	"https://client.io:443", "https://client.io:1024/", "https://client.io:8080/", "https://client.io:65535/",
	"https://isatap.example.com/", "https://1.1.1.1/", "https://1.1.1.1:8443", "https://[2606:4700:4700:0::1111]:8443/",
	"https://127.0.0.1.client.io/", "https://1.client.io/", "https://_dlr.client.io/", "https://0x7f.client.io/",
	"https://local.client.io/", "https://mylocal.io/", "https://notinternal.io/", "https://a--b.io/",
	"https://client.io/@team?to=a@b.io", "https://client.io/%D0%B4?x=%20&y=a+b", "https://client.io/a?ids[]=1;2",
	"https://client.io/?u=http://127.0.0.1/", "https://client.io//x", "https://client.io/..%2f",
	"https://" + strings.Repeat("a", 63) + ".io/", "https://" + strings.Repeat("a.", 125) + "io/",
	"https://client.io/" + strings.Repeat("a", target.MaxLength-len("https://client.io/")),
}

func TestCheckRefuses(t *testing.T) {
	for code, urls := range refused {
		for _, raw := range urls {
			t.Run(code+" "+clip(raw), func(t *testing.T) {
				assert.Equal(t, code, codeOf(t, target.Check(raw, target.API)), "API")
				assert.Equal(t, code, codeOf(t, target.Check(raw, target.REST)), "REST")
			})
		}
	}
}

func TestCheckAccepts(t *testing.T) {
	for _, raw := range accepted {
		t.Run(clip(raw), func(t *testing.T) {
			// "to" in a query is ours for API; TestReservedParams is about that.
			if !strings.Contains(raw, "?to=") {
				require.NoError(t, target.Check(raw, target.API), "API")
			}
			require.NoError(t, target.Check(raw, target.REST), "REST")
		})
	}
}

func TestReservedParams(t *testing.T) {
	const names = "msgid ref from to stat err sub dlvrd submit_date done_date parts mccmnc price currency seq ts " +
		"text coding hex received"
	for _, name := range strings.Fields(names) {
		t.Run(name, func(t *testing.T) {
			assert.True(t, target.Reserved(name))
			raw := "https://client.io/dlr?a=1&" + name + "=2"
			assert.Equal(t, "url.reserved_param", codeOf(t, target.Check(raw, target.API)))
			assert.NoError(t, target.Check(raw, target.REST))
		})
	}
}

func TestReservedParamSpellings(t *testing.T) {
	for query, want := range map[string]string{
		"msgid":            "url.reserved_param",
		"msgid=":           "url.reserved_param",
		"%6dsgid=1":        "url.reserved_param",
		"submit%5Fdate=1":  "url.reserved_param",
		"a=1;msgid=2":      "url.reserved_param",
		"&&to=1":           "url.reserved_param",
		"a=b=c&ts":         "url.reserved_param",
		"?x=1&ref=2":       "url.reserved_param",
		"msgid2=1":         "",
		"token=msgid":      "",
		"client_ref=1&m=2": "",
		"MSGID=1":          "",
		"":                 "",
	} {
		t.Run(query, func(t *testing.T) {
			assert.Equal(t, want, codeOf(t, target.Check("https://client.io/dlr?"+query, target.API)))
		})
	}
	err := target.Check("https://client.io/?msgid=1", target.API)
	assert.EqualError(t, err, "The parameter msgid is added by us; rename yours.")
}

func TestTexts(t *testing.T) {
	assert.EqualError(t, target.Check("http://10.0.0.1/", target.REST),
		"This address is private or reserved and cannot receive callbacks.")
	assert.EqualError(t, target.Check(refused["url.length"][0], target.REST), "At most 2,048 characters.")
}

func TestErrorNeverHoldsTheURL(t *testing.T) {
	const secret = "s3cr3t"
	for code, urls := range refused {
		for _, raw := range urls {
			if err := target.Check(raw+secret, target.API); err != nil {
				assert.NotContains(t, err.Error(), secret, code)
			}
		}
	}
	for _, raw := range []string{"http://" + secret + "/", "http://" + secret + ":x/", "http://h.io/%" + secret} {
		assert.NotContains(t, target.Check(raw, target.API).Error(), secret)
	}
}

func FuzzCheck(f *testing.F) {
	for _, urls := range refused {
		for _, raw := range urls {
			f.Add(raw)
		}
	}
	for _, raw := range accepted {
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		err := target.Check(raw, target.REST)
		redacted := target.Redact(raw)
		if err != nil {
			require.NotEmpty(t, codeOf(t, err))
			require.NotEmpty(t, err.Error(), "a code without a text")
			require.ErrorAs(t, target.Check(raw, target.API), new(*target.Error), "API is the stricter family")
			return
		}
		u, err := url.Parse(raw)
		require.NoError(t, err)
		requireSafe(t, u)
		require.LessOrEqual(t, len(redacted), len(raw)+len("/…"))
	})
}

func requireSafe(t *testing.T, u *url.URL) {
	t.Helper()
	require.Contains(t, []string{"http", "https"}, u.Scheme)
	require.Nil(t, u.User)
	require.Empty(t, u.Fragment)
	require.NotEmpty(t, u.Hostname())
	for _, host := range []string{u.Hostname(), strings.TrimRight(u.Hostname(), ".")} {
		if addr, err := netip.ParseAddr(host); err == nil {
			require.NoError(t, target.CheckAddr(addr))
		}
	}
}

// codeOf returns the code of a refusal, "" for nil, and fails on an error of
// another kind or one without a text.
func codeOf(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	var e *target.Error
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Text)
	return e.Code
}

func clip(s string) string {
	if len(s) > 60 {
		return s[:60]
	}
	return s
}
