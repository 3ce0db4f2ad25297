// SPDX-License-Identifier: Apache-2.0

// goapp serves HTTP/2 and SSH from old modules with published advisories: a scan fixture, never run as a service.
package main

import (
	"crypto/sha256"
	"fmt"
	"net/http"
	"os"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/net/html"
	"golang.org/x/net/http2"
)

func main() {
	fmt.Printf("%x\n", sha256.Sum256([]byte("waybill")))
	if len(os.Args) < 2 {
		return
	}
	srv := &http.Server{Addr: os.Args[1]}
	_ = http2.ConfigureServer(srv, &http2.Server{})
	_, _ = html.Parse(strings.NewReader("<p>x"))
	cfg := &ssh.ServerConfig{PublicKeyCallback: func(ssh.ConnMetadata, ssh.PublicKey) (*ssh.Permissions, error) { return nil, nil }}
	_, _, _, _ = ssh.NewServerConn(nil, cfg)
	_ = srv.ListenAndServe()
}
