package page

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"net/http"
	"path"
	"sync"
	"time"

	"github.com/clientaccount/clientaccount/account"
	"github.com/clientaccount/clientaccount/adminhttp/internal/ask"
)

//go:embed assets
var assetFiles embed.FS

// asset is an embedded file and the sum its URL and ETag carry.
type asset struct {
	content []byte
	sum     string
}

// assetTypes are named here, since mime's own table varies with the system.
var assetTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
}

// assets are read at the first use.
var assets = sync.OnceValue(func() map[string]asset {
	all := map[string]asset{}
	entries, _ := fs.ReadDir(assetFiles, "assets") // embedded: it is there
	for _, entry := range entries {
		content, _ := assetFiles.ReadFile("assets/" + entry.Name())
		sum := sha256.Sum256(content)
		all[entry.Name()] = asset{content, hex.EncodeToString(sum[:8])}
	}
	return all
})

// Asset answers for everybody: the files hold no secret.
func Asset(site ask.Site) http.HandlerFunc {
	return func(w http.ResponseWriter, plain *http.Request) {
		name := plain.PathValue("name")
		file, ok := assets()[name]
		if !ok {
			Fail(w, site.Anonymous(plain, plain.URL.EscapedPath()), account.ErrNotFound)
			return
		}
		header := w.Header()
		header.Set("Content-Type", assetTypes[path.Ext(name)])
		header.Set("ETag", `"`+file.sum+`"`)
		header.Set("Cache-Control", "no-cache")
		if plain.URL.Query().Get("v") == file.sum {
			header.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		http.ServeContent(w, plain, name, time.Time{}, bytes.NewReader(file.content))
	}
}
