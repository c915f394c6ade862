// Prints a token for the service account in credentials.json.
package main

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"log"
	"os"
	"time"
)

type credentials struct {
	AccountID  int64  `json:"account_id"`
	KeyID      string `json:"key_id"`
	PrivateKey string `json:"private_key"`
}

func token(file string) (string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	var of credentials
	if err := json.Unmarshal(text, &of); err != nil {
		return "", err
	}
	block, _ := pem.Decode([]byte(of.PrivateKey))
	if block == nil {
		return "", fmt.Errorf("%s: private_key is no PEM", file)
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return "", err
	}
	key, ok := parsed.(*rsa.PrivateKey)
	if !ok {
		return "", fmt.Errorf("%s: private_key is no RSA key", file)
	}
	now := time.Now().Unix()
	header, _ := json.Marshal(map[string]any{"alg": "RS256", "typ": "JWT", "kid": of.KeyID})
	claims, _ := json.Marshal(map[string]any{"iss": of.AccountID, "iat": now, "exp": now + 3600})
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode(header) + "." + encode(claims)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:])
	if err != nil {
		return "", err
	}
	return signed + "." + encode(signature), nil
}

func main() {
	made, err := token(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(made)
}
