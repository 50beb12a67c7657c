"""Computes the digest of a statement's file as docs/statements.md says. Usage: statement_digest.py FILE [DIGEST]

DIGEST is that of the statement before it. Prints the digest that the lines give, and the one that the file names.
"""
import hashlib
import sys


def records(data):
    begin, quoted = 0, False
    for place, byte in enumerate(data):
        if byte == ord('"'):
            quoted = not quoted
        elif byte == ord("\n") and not quoted:
            yield data[begin:place + 1]
            begin = place + 1


lines = list(records(open(sys.argv[1], "rb").read()))
digest = hashlib.sha256()
for line in lines[:-1]:
    digest.update(hashlib.sha256(line).digest())
if len(sys.argv) > 2:
    digest.update(bytes.fromhex(sys.argv[2]))
print(digest.hexdigest(), lines[-1].decode().split(",")[5])
