package webhooktest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"math/big"
	"sync"
	"testing"
	"time"
)

// Certificate says what a receiver's certificate is like.
type Certificate string

// The certificates of receivers. Only Good is trusted.
const (
	Good       Certificate = "good"
	Expired    Certificate = "expired"
	SelfSigned Certificate = "self-signed"
	OtherName  Certificate = "of another name"
	OldVersion Certificate = "good, but over TLS 1.0"
)

// issuer signs certificates: one for the whole process.
type issuer struct {
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

var theIssuer = sync.OnceValues(func() (issuer, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return issuer{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "webhooktest"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return issuer{}, err
	}
	parsed, err := x509.ParseCertificate(der)
	return issuer{parsed, key}, err
})

// roots trusts what the issuer signed.
func roots(tb testing.TB) *x509.CertPool {
	tb.Helper()
	from, err := theIssuer()
	if err != nil {
		tb.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(from.certificate)
	return pool
}

func certificate(tb testing.TB, c Certificate) tls.Certificate {
	tb.Helper()
	from, err := theIssuer()
	if err != nil {
		tb.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		tb.Fatal(err)
	}
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: []string{Host, "*.example.com"},
		NotBefore: time.Now().Add(-2 * time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	parent, signer := from.certificate, from.key
	switch c {
	case Expired:
		leaf.NotAfter = time.Now().Add(-time.Hour)
	case OtherName:
		leaf.DNSNames = []string{"other.example.net"}
	case SelfSigned:
		parent, signer = leaf, key
	case Good, OldVersion:
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, parent, key.Public(), signer)
	if err != nil {
		tb.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
