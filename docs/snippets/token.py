"""Prints a token for the service account in credentials.json."""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time

with open(sys.argv[1]) as file:
    credentials = json.load(file)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


now = int(time.time())
header = {"alg": "RS256", "typ": "JWT", "kid": credentials["key_id"]}
claims = {"iss": credentials["account_id"], "iat": now, "exp": now + 3600}
signed = base64url(json.dumps(header).encode()) + b"." + base64url(json.dumps(claims).encode())
with tempfile.TemporaryDirectory() as folder:
    # The folder is readable for this user alone.
    key = os.path.join(folder, "key.pem")
    with open(key, "w") as file:
        file.write(credentials["private_key"])
    signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", key], input=signed, stdout=subprocess.PIPE, check=True).stdout
print((signed + b"." + base64url(signature)).decode())
